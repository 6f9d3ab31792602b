import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { queries } from "./api/client";
import type { Role } from "./api/types";
import { homeSearch } from "./cabinet/home/filters";
import { homeOf, sessionQuery } from "./session/session";
import { Crash, NotFound, Pending } from "./shared/Fallback";
import { DemoBar } from "./demo/DemoBar";

const root = createRootRoute({
  component: () => (
    <>
      <DemoBar />
      <Outlet />
    </>
  ),
  notFoundComponent: NotFound,
  errorComponent: Crash,
});

/** Lets in who is signed in with the role; sends others to where they belong. */
async function admit(role: Role, href: string) {
  const session = await queries.ensureQueryData(sessionQuery);
  if (!session) throw redirect({ to: "/sign-in", search: { next: href } });
  if (session.user.must_change_password) throw redirect({ to: "/password" });
  if (!session.user.roles.includes(role)) {
    const home = homeOf(session.user.roles);
    if (href !== home) throw redirect({ to: home });
  }
}

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: async () => {
    const session = await queries.ensureQueryData(sessionQuery);
    throw redirect({ to: session ? homeOf(session.user.roles) : "/sign-in" });
  },
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  // Only a path of this site may follow the sign-in.
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === "string" && /^\/(?!\/)/.test(search.next) ? { next: search.next } : {},
  component: lazyRouteComponent(() => import("./session/SignIn")),
});

const password = createRoute({
  getParentRoute: () => root,
  path: "/password",
  beforeLoad: async () => {
    if (!(await queries.ensureQueryData(sessionQuery))) throw redirect({ to: "/sign-in" });
  },
  component: lazyRouteComponent(() => import("./session/Password")),
});

const cabinet = createRoute({
  getParentRoute: () => root,
  path: "/cabinet",
  beforeLoad: ({ location }) => admit("company_admin", location.href),
  component: lazyRouteComponent(() => import("./cabinet/Cabinet")),
});

const home = createRoute({
  getParentRoute: () => cabinet,
  path: "/",
  validateSearch: homeSearch,
  component: lazyRouteComponent(() => import("./cabinet/home/HomePage")),
});

const lines = createRoute({
  getParentRoute: () => cabinet,
  path: "lines",
  validateSearch: (search: Record<string, unknown>): { open?: string } =>
    typeof search.open === "string" ? { open: search.open } : {},
  component: lazyRouteComponent(() => import("./cabinet/lines/LinesPage")),
});

const settings = createRoute({
  getParentRoute: () => cabinet,
  path: "settings",
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

const desk = createRoute({
  getParentRoute: () => root,
  path: "/desk",
  beforeLoad: ({ location }) => admit("operator", location.href),
  component: lazyRouteComponent(() => import("./desk/DeskPage")),
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
    password,
    cabinet.addChildren([
      home,
      lines,
      settings.addChildren([settingsStart, company, hours, departments, employees]),
    ]),
    desk,
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
}
