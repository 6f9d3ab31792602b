import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { api, queries } from "./api/client";
import { inboxSearch } from "./app/messages/filters";
import { homeSearch } from "./cabinet/home/filters";
import { DemoBar } from "./demo/DemoBar";
import { homeOf, opens, type Place } from "./session/places";
import { readTexts } from "./i18n";
import { sessionQuery } from "./session/session";
import { Crash, NotFound, Pending } from "./shared/Fallback";
import { Arrival } from "./shell/Arrival";

const root = createRootRoute({
  component: () => (
    <>
      <DemoBar />
      <Outlet />
      <Arrival />
    </>
  ),
  notFoundComponent: NotFound,
  errorComponent: Crash,
});

/** Lets in who is signed in, with a password of their own. */
async function admit(href: string) {
  const session = await queries.ensureQueryData(sessionQuery);
  if (!session) throw redirect({ to: "/sign-in", search: { next: href } });
  if (session.user.must_change_password) throw redirect({ to: "/password", search: { next: href } });
  return session;
}

/** Lets in who may work at the place; sends others to where they belong. */
async function admitTo(place: Place, href: string) {
  const session = await admit(href);
  if (!opens(place, session.user.roles)) throw redirect({ to: homeOf(session.user.roles) });
  return session;
}

/** Lets in the company's administrator; an employee has «Главная» alone. */
async function admitAdmin() {
  const session = await queries.ensureQueryData(sessionQuery);
  if (!session?.user.roles.includes("company_admin")) throw redirect({ to: "/cabinet" });
}

/** Lets in who watches over the operators. */
async function admitSupervisor(href: string) {
  const session = await admit(href);
  if (!session.user.roles.includes("supervisor")) throw redirect({ to: homeOf(session.user.roles) });
}

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: async () => {
    const session = await queries.ensureQueryData(sessionQuery);
    throw redirect({ to: session ? homeOf(session.user.roles) : "/sign-in" });
  },
});

/** Where somebody was going: only a path of this site may follow the sign-in. */
function nextOf(search: Record<string, unknown>): { next?: string } {
  return typeof search.next === "string" && /^\/(?![\\/])/.test(search.next) ? { next: search.next } : {};
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: nextOf,
  component: lazyRouteComponent(() => import("./session/SignIn")),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: lazyRouteComponent(() => import("./session/Forgot")),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset/$token",
  component: lazyRouteComponent(() => import("./session/Reset")),
});

const password = createRoute({
  getParentRoute: () => root,
  path: "/password",
  validateSearch: nextOf,
  beforeLoad: async () => {
    const session = await queries.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: "/sign-in" });
    if (!session.user.must_change_password) throw redirect({ to: "/account" });
  },
  component: lazyRouteComponent(() => import("./session/Password")),
});

const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  beforeLoad: async ({ location }) => {
    await admit(location.href);
  },
  component: lazyRouteComponent(() => import("./session/Account")),
});

const cabinet = createRoute({
  getParentRoute: () => root,
  path: "/cabinet",
  beforeLoad: ({ location }) => admitTo("cabinet", location.href),
  component: lazyRouteComponent(() => import("./cabinet/Cabinet")),
});

const home = createRoute({
  getParentRoute: () => cabinet,
  path: "/",
  validateSearch: homeSearch,
  // What is left to do stands on top: known late, it would push the page down.
  loader: async () => {
    const session = await queries.ensureQueryData(sessionQuery);
    if (!session?.user.roles.includes("company_admin")) return;
    const checklist = api.queryOptions("get", "/api/checklist");
    await queries.ensureQueryData(checklist).catch(() => undefined);
  },
  component: lazyRouteComponent(() => import("./cabinet/home/HomePage")),
});

const lines = createRoute({
  getParentRoute: () => cabinet,
  path: "lines",
  beforeLoad: admitAdmin,
  loader: () => readTexts("lines"),
  validateSearch: (search: Record<string, unknown>): { open?: string } =>
    typeof search.open === "string" ? { open: search.open } : {},
  component: lazyRouteComponent(() => import("./cabinet/lines/LinesPage")),
});

const settings = createRoute({
  getParentRoute: () => cabinet,
  path: "settings",
  beforeLoad: admitAdmin,
  loader: () => readTexts("settings"),
  component: lazyRouteComponent(() => import("./cabinet/settings/Settings")),
});

const settingsStart = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/cabinet/settings/company" });
  },
});

const company = createRoute({
  getParentRoute: () => settings,
  path: "company",
  component: lazyRouteComponent(() => import("./cabinet/settings/CompanyTab")),
});

const hours = createRoute({
  getParentRoute: () => settings,
  path: "hours",
  component: lazyRouteComponent(() => import("./cabinet/settings/HoursTab")),
});

const departments = createRoute({
  getParentRoute: () => settings,
  path: "departments",
  component: lazyRouteComponent(() => import("./cabinet/settings/DepartmentsTab")),
});

const employees = createRoute({
  getParentRoute: () => settings,
  path: "employees",
  component: lazyRouteComponent(() => import("./cabinet/settings/EmployeesTab")),
});

const notices = createRoute({
  getParentRoute: () => settings,
  path: "notices",
  validateSearch: (search: Record<string, unknown>): { show?: "policy" | "rota"; of?: string } => ({
    ...((search.show === "policy" || search.show === "rota") && { show: search.show }),
    ...(typeof search.of === "string" && { of: search.of }),
  }),
  component: lazyRouteComponent(() => import("./cabinet/settings/notices/NoticesTab")),
});

const contacts = createRoute({
  getParentRoute: () => settings,
  path: "contacts",
  component: lazyRouteComponent(() => import("./cabinet/settings/contacts/ContactsTab")),
});

const integrations = createRoute({
  getParentRoute: () => settings,
  path: "integrations",
  loader: () => readTexts("integrations"),
  component: lazyRouteComponent(() => import("./cabinet/settings/integrations/IntegrationsTab")),
});

const app = createRoute({
  getParentRoute: () => root,
  path: "/app",
  beforeLoad: async ({ location }) => {
    const session = await admitTo("app", location.href);
    const { keeper } = await import("./app/keep/kept");
    // Without its token it is what the device kept, and known to be this person's.
    if (session.csrf) await keeper.claim(session);
  },
  component: lazyRouteComponent(() => import("./app/App")),
});

const inbox = createRoute({
  getParentRoute: () => app,
  id: "inbox",
  validateSearch: inboxSearch,
  component: lazyRouteComponent(() => import("./app/messages/Inbox")),
});

const inboxStart = createRoute({
  getParentRoute: () => inbox,
  path: "/",
  component: lazyRouteComponent(() => import("./app/messages/NoMessage")),
});

const message = createRoute({
  getParentRoute: () => inbox,
  path: "messages/$id",
  validateSearch: (search: Record<string, unknown>): { accept?: 1 } =>
    Number(search.accept) === 1 ? { accept: 1 } : {},
  component: lazyRouteComponent(() => import("./app/messages/MessagePage")),
});

const appCalls = createRoute({
  getParentRoute: () => app,
  path: "calls",
  validateSearch: (search: Record<string, unknown>): { find?: string; call?: string } => ({
    ...(typeof search.find === "string" && search.find !== "" && { find: search.find.slice(0, 200) }),
    ...(typeof search.call === "string" && { call: search.call }),
  }),
  component: lazyRouteComponent(() => import("./app/calls/CallsPage")),
});

const you = createRoute({
  getParentRoute: () => app,
  path: "me",
  component: lazyRouteComponent(() => import("./app/you/YouPage")),
});

const desk = createRoute({
  getParentRoute: () => root,
  path: "/desk",
  beforeLoad: ({ location }) => admitTo("desk", location.href),
  loader: () => readTexts("desk"),
  component: lazyRouteComponent(() => import("./desk/DeskPage")),
});

const board = createRoute({
  getParentRoute: () => root,
  path: "/desk/board",
  beforeLoad: ({ location }) => admitSupervisor(location.href),
  // Operators' states are told as at their desks.
  loader: () => readTexts("board", "desk"),
  component: lazyRouteComponent(() => import("./board/BoardPage")),
});

const shifts = createRoute({
  getParentRoute: () => root,
  path: "/desk/shifts",
  beforeLoad: ({ location }) => admitSupervisor(location.href),
  loader: () => readTexts("board", "desk"),
  component: lazyRouteComponent(() => import("./board/ShiftsPage")),
});

const platform = createRoute({
  getParentRoute: () => root,
  path: "/platform",
  beforeLoad: ({ location }) => admitTo("platform", location.href),
  // Operators' states are told as at their desks.
  loader: () => readTexts("platform", "desk"),
  component: lazyRouteComponent(() => import("./platform/Platform")),
});

const companies = createRoute({
  getParentRoute: () => platform,
  path: "/",
  component: lazyRouteComponent(() => import("./platform/CompaniesPage")),
});

const operators = createRoute({
  getParentRoute: () => platform,
  path: "operators",
  component: lazyRouteComponent(() => import("./platform/OperatorsPage")),
});

const health = createRoute({
  getParentRoute: () => platform,
  path: "health",
  component: lazyRouteComponent(() => import("./platform/HealthPage")),
});

const demo = createRoute({
  getParentRoute: () => root,
  path: "/demo",
  component: lazyRouteComponent(() => import("./demo/DemoPage")),
});

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    signIn,
    forgot,
    reset,
    password,
    account,
    cabinet.addChildren([
      home,
      lines,
      settings.addChildren([settingsStart, company, hours, departments, employees, notices, contacts, integrations]),
    ]),
    app.addChildren([inbox.addChildren([inboxStart, message]), appCalls, you]),
    desk,
    board,
    shifts,
    platform.addChildren([companies, operators, health]),
    demo,
  ]),
  defaultPreload: "intent",
  defaultPendingComponent: Pending,
  defaultErrorComponent: Crash,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
  interface HistoryState {
    /** The address that somebody began to sign in with. */
    login?: string;
  }
}
