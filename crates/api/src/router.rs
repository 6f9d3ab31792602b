//! All endpoints in one list, and the document that is made from them.

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use utoipa::openapi::{
    Content, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder, Tag,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::endpoint::{
    callers, calls, checklist, colleagues, company, demo, departments, desk, docs, employees,
    escalations, hours, keys, lines, me, messages, operations, password_resets, platform, push,
    rotas, session, sessions, v1, webhooks,
};
use crate::headers::{SecurityHeaders, is_api, secure};
use crate::limits::BODY_MAX;
use crate::problem::{self, Code, FieldError, Problem, ProblemBody};
use crate::{access, csrf, web};

/// What is written once, and not at each handler.
fn frame() -> OpenApi {
    let about = "Cabinet, operator desk and demo of Телефонистка. Everything that changes \
        something needs the session's token in the header X-CSRF-Token, or a key of the API \
        (`Authorization: Bearer`) where keys are let in: /api/docs tells where.";
    let info = InfoBuilder::new()
        .title("Телефонистка")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(about))
        .build();
    let tags = [
        "session",
        "calls",
        "messages",
        "me",
        "lines",
        "callers",
        "settings",
        "desk",
        "platform",
        "keys",
        "old api",
        "webhooks",
        "push",
        "demo",
        "operations",
    ];
    OpenApiBuilder::new()
        .info(info)
        .tags(Some(tags.map(Tag::new)))
        .build()
}

fn endpoints() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(frame())
        .routes(routes!(
            session::sign_in::sign_in,
            session::read::read_session,
            session::sign_out::sign_out
        ))
        .routes(routes!(session::password::set_password))
        .routes(routes!(session::language::set_language))
        .routes(routes!(
            sessions::list::list_sessions,
            sessions::end_others::end_other_sessions
        ))
        .routes(routes!(sessions::end::end_session))
        .routes(routes!(password_resets::ask::ask_password_reset))
        .routes(routes!(
            password_resets::read::read_password_reset,
            password_resets::choose::choose_password
        ))
        .routes(routes!(
            platform::companies::list_companies,
            platform::create_company::create_platform_company
        ))
        .routes(routes!(
            platform::operators::list_operators,
            platform::create_operator::create_operator
        ))
        .routes(routes!(
            platform::change_operator::change_operator,
            platform::remove_operator::remove_operator
        ))
        .routes(routes!(platform::password::give_password))
        .routes(routes!(platform::health::platform_health))
        .routes(routes!(calls::list::list_calls))
        .routes(routes!(calls::export::export_calls))
        .routes(routes!(calls::read::read_call))
        .routes(routes!(calls::called_back::set_called_back))
        .routes(routes!(calls::recording::recording))
        .routes(routes!(calls::peaks::peaks))
        .routes(routes!(calls::today::today))
        .routes(routes!(calls::events::events))
        .routes(routes!(crate::endpoint::figures::read::figures))
        .routes(routes!(messages::list::list_messages))
        .routes(routes!(messages::export::export_messages))
        .routes(routes!(messages::unread::count_unread))
        .routes(routes!(messages::read::read_message))
        .routes(routes!(messages::mark_read::mark_message_read))
        .routes(routes!(messages::accept::accept_message))
        .routes(routes!(messages::release::release_message))
        .routes(routes!(messages::close::close_message))
        .routes(routes!(messages::reopen::reopen_message))
        .routes(routes!(messages::comment::comment_message))
        .routes(routes!(messages::assign::assign_message))
        .routes(routes!(messages::retry::retry_delivery))
        .routes(routes!(messages::delivered::mark_delivered))
        .routes(routes!(colleagues::list_colleagues))
        .routes(routes!(me::read::read_myself))
        .routes(routes!(me::presence::write_presence))
        .routes(routes!(me::reach::write_reach))
        .routes(routes!(me::summary::write_summary))
        .routes(routes!(lines::list::list_lines, lines::create::create_line))
        .routes(routes!(
            lines::read::read_line,
            lines::rename::rename_line,
            lines::delete::delete_line
        ))
        .routes(routes!(lines::script::write_script))
        .routes(routes!(lines::account::write_account))
        .routes(routes!(lines::connect::connect_line))
        .routes(routes!(lines::disconnect::disconnect_line))
        .routes(routes!(lines::journal::line_journal))
        .routes(routes!(
            lines::doctor::read_doctor,
            lines::doctor::start_doctor,
            lines::doctor::stop_doctor
        ))
        .routes(routes!(lines::doctor::reply_to_doctor))
        .routes(routes!(lines::trace::line_trace))
        .routes(routes!(lines::trace::trace_messages))
        .routes(routes!(lines::forecast::line_forecast))
        .routes(routes!(lines::prompt::prompt))
        .routes(routes!(lines::wordings::wordings))
        .routes(routes!(
            company::read::read_company,
            company::write::write_company
        ))
        .routes(routes!(hours::read::read_hours, hours::write::write_hours))
        .routes(routes!(hours::calendar::production_calendar))
        .routes(routes!(
            departments::read::read_departments,
            departments::write::write_departments
        ))
        .routes(routes!(departments::import::import_departments))
        .routes(routes!(departments::export::export_departments))
        .routes(routes!(
            employees::read::read_employees,
            employees::write::write_employees
        ))
        .routes(routes!(
            employees::absence::read_absence,
            employees::absence::write_absence
        ))
        .routes(routes!(
            escalations::read::read_escalations,
            escalations::write::write_escalation
        ))
        .routes(routes!(rotas::read::read_rota, rotas::write::write_rota))
        .routes(routes!(checklist::checklist))
        .routes(routes!(employees::import::import_employees))
        .routes(routes!(employees::export::export_employees))
        .routes(routes!(
            webhooks::list::list_webhooks,
            webhooks::create::create_webhook
        ))
        .routes(routes!(
            webhooks::read::read_webhook,
            webhooks::change::change_webhook,
            webhooks::delete::delete_webhook
        ))
        .routes(routes!(webhooks::secret::rotate_webhook_secret))
        .routes(routes!(webhooks::test::test_webhook))
        .routes(routes!(webhooks::attempts::webhook_attempts))
        .routes(routes!(webhooks::replay::replay_webhook))
        .routes(routes!(webhooks::resend::resend_event))
        .routes(routes!(push::key::push_key))
        .routes(routes!(
            push::subscribe::subscribe_to_push,
            push::unsubscribe::unsubscribe_from_push
        ))
        .routes(routes!(desk::messages::send_message))
        .routes(routes!(desk::questions::call_questions))
        .routes(routes!(desk::result::choose_result))
        .routes(routes!(desk::caller::note_caller))
        .routes(routes!(desk::spam::call_is_spam))
        .routes(routes!(
            callers::list::list_callers,
            callers::create::create_caller
        ))
        .routes(routes!(
            callers::change::change_caller,
            callers::delete::delete_caller
        ))
        .routes(routes!(desk::today::own_calls_today))
        .routes(routes!(desk::lost::list_lost_callers))
        .routes(routes!(desk::tasks::list::list_tasks))
        .routes(routes!(desk::tasks::take::take_task))
        .routes(routes!(desk::tasks::finish::finish_task))
        .routes(routes!(desk::socket::desk_socket))
        .routes(routes!(desk::board::socket::board_socket))
        .routes(routes!(desk::board::figures::board_figures))
        .routes(routes!(
            desk::board::thresholds::read_thresholds,
            desk::board::thresholds::write_thresholds
        ))
        .routes(routes!(desk::shifts::list::list_shifts))
        .routes(routes!(desk::shifts::export::export_shifts))
        .routes(routes!(keys::list::list_keys, keys::create::create_key))
        .routes(routes!(keys::revoke::revoke_key))
        .routes(routes!(v1::search::search_calls))
        .routes(routes!(v1::read::read_old_call))
        .routes(routes!(v1::messages::old_call_messages))
        .routes(routes!(v1::record::old_call_record))
        .routes(routes!(docs::page::api_docs))
        .routes(routes!(docs::style::api_docs_style))
        .routes(routes!(demo::read::read_demo))
        .routes(routes!(demo::enter::enter_demo))
        .routes(routes!(demo::call::place_demo_call))
        .routes(routes!(demo::mails::demo_mails))
        .routes(routes!(operations::health::health))
        .routes(routes!(operations::ready::ready))
        .routes(routes!(operations::openapi::openapi_document))
}

fn figures() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(operations::metrics::metrics))
}

/// Everything that this server answers.
pub fn router(api: Api) -> Router {
    let headers = SecurityHeaders::new(api.origins.iter().map(String::as_str));
    let all = if api.config.metrics_elsewhere {
        endpoints()
    } else {
        endpoints().merge(figures())
    };
    // Sound is compressed already, and a part of it must stay the part that was asked for.
    let compressed = DefaultPredicate::new().and(NotForContentType::new("audio/"));
    Router::from(all)
        .route_layer(from_fn_with_state(api.clone(), access::guard))
        .fallback(web::serve)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(from_fn_with_state(api.clone(), csrf::own_origin))
        .layer(CatchPanicLayer::custom(|_| {
            Problem::from(Code::Internal).into_response()
        }))
        .layer(from_fn(problem::speak))
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(middleware::from_fn(move |request, next| {
            secure(headers.clone(), request, next)
        }))
        .with_state(api)
}

/// For a listener of its own: `/metrics`, `/healthz`, `/readyz`.
pub fn operations(api: Api) -> Router {
    let all = figures()
        .routes(routes!(operations::health::health))
        .routes(routes!(operations::ready::ready));
    Router::from(all).with_state(api)
}

/// The OpenAPI document, in JSON.
pub fn openapi() -> String {
    let (_, mut document) = endpoints().merge(figures()).split_for_parts();
    let components = document.components.get_or_insert_default();
    for (name, schema) in [
        (ProblemBody::name(), ProblemBody::schema()),
        (FieldError::name(), FieldError::schema()),
    ] {
        components.schemas.insert(name.into_owned(), schema);
    }
    for (path, item) in &mut document.paths.paths {
        if !is_api(path) {
            continue;
        }
        let methods = [
            &mut item.get,
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in methods.into_iter().flatten() {
            operation
                .responses
                .responses
                .insert("default".into(), refusal());
        }
    }
    document.to_pretty_json().unwrap_or_default()
}

/// What every endpoint answers when it refuses.
fn refusal() -> RefOr<utoipa::openapi::Response> {
    let schema = Ref::from_schema_name(ProblemBody::name());
    ResponseBuilder::new()
        .description("A problem (RFC 9457)")
        .content("application/problem+json", Content::new(Some(schema)))
        .build()
        .into()
}
