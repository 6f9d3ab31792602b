//! The card of a call: what the operator is to know.

use jiff::Timestamp;
use model::caller::{KnownCaller, Mark};
use model::greeting::{self, farewells, greetings};
use model::phone::Phone;
use store::{Store, StoreError};

use crate::desk::{
    CallCard, CardCompany, CardDepartment, CardEmployee, EarlierCall, Errand, WorkingTime,
};
use crate::directory::Entry;
use crate::live::Live;
use crate::transfer::Numbers;
use model::line::Recipient;
use model::transfer::Dialled;

/// Earlier calls that a card shows.
const EARLIER_MAX: u32 = 5;

/// What the database adds to a card; empty while it is away.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    departments: Vec<CardDepartment>,
    employees: Vec<CardEmployee>,
    earlier: Vec<EarlierCall>,
    /// The caller as the company knows the number.
    known: Option<KnownCaller>,
    pub(crate) numbers: Numbers,
}

/// Reads what the database adds.
pub(crate) async fn surroundings(
    store: &Store,
    entry: &Entry,
    number: Option<&str>,
    arrived_at: Timestamp,
) -> Result<Surroundings, StoreError> {
    let company = entry.company.id;
    let departments = store.departments().list(company).await?.value;
    let colleagues = store.notice().colleagues(company, Timestamp::now()).await?;
    let earlier = match number {
        Some(number) => {
            store
                .calls()
                .earlier(company, number, arrived_at, EARLIER_MAX)
                .await?
        }
        None => Vec::new(),
    };
    let known = match number {
        Some(number) => store.callers().by_number(company, number).await?,
        None => None,
    };
    let numbers = Numbers::of(&departments, &colleagues);
    Ok(Surroundings {
        departments: departments
            .into_iter()
            .map(|d| CardDepartment {
                dialled: dialled(&numbers, Recipient::Department { department: d.id }),
                id: d.id,
                name: d.name,
                extension: d.extension,
            })
            .collect(),
        employees: colleagues
            .into_iter()
            .map(|colleague| {
                let e = colleague.employee;
                CardEmployee {
                    dialled: dialled(&numbers, Recipient::Employee { employee: e.id }),
                    id: e.id,
                    has_email: !e.email.is_empty(),
                    name: e.name,
                    position: e.position,
                    department: e.department,
                    extension: e.extension,
                    presence: colleague.presence,
                    presence_until: colleague.presence_until,
                    absent_until: colleague.absent_until,
                    deputy_name: colleague.deputy_name,
                }
            })
            .collect(),
        earlier: earlier
            .into_iter()
            .map(|e| EarlierCall {
                outgoing: e.outgoing,
                at: e.at,
                result: e.result,
                text: e.text,
            })
            .collect(),
        known,
        numbers,
    })
}

/// At which numbers somebody can be called.
fn dialled(numbers: &Numbers, recipient: Recipient) -> Vec<Dialled> {
    [Dialled::Extension, Dialled::Mobile]
        .into_iter()
        .filter(|dialled| numbers.has(recipient, *dialled))
        .collect()
}

/// Puts the card together, names put into the words to say.
pub(crate) fn card(live: &Live, operator: &str) -> CallCard {
    let (id, entry, caller) = (live.id(), &live.entry, &live.caller);
    let (arrived_at, around, returned) = (live.arrived_at, &live.around, live.returned);
    let known = around.known.as_ref();
    let name = known.map(|known| known.name.clone());
    let name = name.filter(|name| !name.is_empty());
    let Entry { line, company, .. } = entry.as_ref();
    let language = company.language;
    let phone = caller.number.as_deref().and_then(Phone::parse);
    let errand = live.placed.as_ref().map(|(errand, _)| *errand);
    let (script, name_of_company) = (&line.script, company.name.as_str());
    let (greeting, farewell) = match errand {
        None => (
            (script.greeting).say(greetings(language), name_of_company, operator),
            (script.farewell).say(farewells(language), name_of_company, operator),
        ),
        Some(errand) => {
            let first = match errand {
                Errand::CallBack { .. } => greeting::call_back(language),
                Errand::Task { .. } => greeting::reading(language),
            };
            let said = |text| greeting::named(text, name_of_company, operator);
            (said(first), said(greeting::parting(language)))
        }
    };
    CallCard {
        id,
        line_name: line.name.clone(),
        arrived_at,
        errand,
        caller_phone: phone.as_ref().map(Phone::stored).unwrap_or_default(),
        caller_phone_shown: phone.map(|p| p.to_string()).unwrap_or_default(),
        caller_name: name.or_else(|| caller.name.clone()).unwrap_or_default(),
        caller_note: known.map(|known| known.note.clone()).unwrap_or_default(),
        vip: known.map_or(live.vip, |known| known.mark == Mark::Vip),
        greeting,
        farewell,
        company: CardCompany {
            id: company.id,
            name: company.name.clone(),
            about: company.about.clone(),
            address: company.address.clone(),
            site: company.site.clone(),
            phone: company.phone.clone(),
            email: company.email.clone(),
            not_to_say: company.not_to_say.clone(),
            texts: company.texts.clone(),
        },
        working_time: WorkingTime {
            open: entry.open_at(arrived_at),
            changes_at: entry.hours.changes_at(arrived_at).ok().flatten(),
            zone: entry.hours.zone.clone(),
        },
        default_recipient: line.script.recipient,
        questions: line.script.questions.clone(),
        departments: around.departments.clone(),
        employees: around.employees.clone(),
        returned,
        earlier: around.earlier.clone(),
    }
}
