import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** The accent: a deep teal, index 7 being the colour of the sign. */
const teal: MantineColorsTuple = [
  "#f0fdfa",
  "#d5f5ef",
  "#a9e8dd",
  "#6fd3c4",
  "#3dbcab",
  "#1fa192",
  "#138577",
  "#0f766e",
  "#115e59",
  "#134e4a",
];

/** Greys with the ink's hue. */
const gray: MantineColorsTuple = [
  "#f6f7f9",
  "#eceff3",
  "#dfe3e9",
  "#cbd2db",
  "#a9b3c0",
  "#838f9f",
  "#5d6979",
  "#465160",
  "#303a48",
  "#1b2430",
];

/** Surfaces of the dark scheme, from text to the deepest ground. */
const dark: MantineColorsTuple = [
  "#dde3ea",
  "#b9c2cd",
  "#98a3b1",
  "#6f7b8a",
  "#46525f",
  "#36414d",
  "#28323d",
  "#1d252f",
  "#161d26",
  "#0f151c",
];

const red: MantineColorsTuple = [
  "#fef2f2",
  "#fee2e2",
  "#fecaca",
  "#fca5a5",
  "#f87171",
  "#ef4444",
  "#dc2626",
  "#b91c1c",
  "#991b1b",
  "#7f1d1d",
];

const amber: MantineColorsTuple = [
  "#fffbeb",
  "#fef3c7",
  "#fde68a",
  "#fcd34d",
  "#fbbf24",
  "#f59e0b",
  "#d97706",
  "#b45309",
  "#92400e",
  "#78350f",
];

const green: MantineColorsTuple = [
  "#f0fdf4",
  "#dcfce7",
  "#bbf7d0",
  "#86efac",
  "#4ade80",
  "#22c55e",
  "#16a34a",
  "#15803d",
  "#166534",
  "#14532d",
];

const typeface = '"Golos Text Variable", system-ui, sans-serif';

/** Sizes that the layouts share. */
export const size = {
  page: 1200,
  form: 640,
  navigation: 232,
  header: 56,
  demoBar: 44,
  bottomBar: 60,
  deskSide: 300,
  icon: 18,
  iconStroke: 1.6,
  waveform: 88,
  chart: 140,
} as const;

/** Every colour, size and radius of the interface. */
export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: 7,
  autoContrast: true,
  luminanceThreshold: 0.2,
  colors: { teal, gray, dark, red, amber, green },
  white: "#ffffff",
  black: "#1b2430",
  fontFamily: typeface,
  headings: {
    fontFamily: typeface,
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.5rem", lineHeight: "1.3" },
      h2: { fontSize: "1.125rem", lineHeight: "1.4" },
      h3: { fontSize: "1rem", lineHeight: "1.4" },
    },
  },
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "1rem", lg: "1.125rem", xl: "1.375rem" },
  spacing: { xxs: "4px", xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "2px", sm: "4px", md: "6px", lg: "10px", xl: "64px" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
  components: {
    Modal: {
      defaultProps: { centered: true, transitionProps: { duration: 150 } },
      styles: { title: { fontWeight: 600 } },
    },
    // The placeholder for the first focus has no place in a menu's roles.
    Menu: {
      defaultProps: { shadow: "md", transitionProps: { duration: 150 }, withInitialFocusPlaceholder: false },
    },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, multiline: true } },
    Select: { defaultProps: { size: "md", checkIconPosition: "right", comboboxProps: { shadow: "md" } } },
    Table: { defaultProps: { fz: "sm", verticalSpacing: "xs", horizontalSpacing: "sm" } },
    Paper: { defaultProps: { withBorder: true, radius: "lg" } },
    TextInput: { defaultProps: { size: "md" } },
    PasswordInput: { defaultProps: { size: "md" } },
    Textarea: { defaultProps: { size: "md" } },
    NumberInput: { defaultProps: { size: "md" } },
    Radio: { defaultProps: { size: "md" } },
    Badge: { styles: { label: { textTransform: "none", fontWeight: 500 } } },
    Button: { styles: { label: { fontWeight: 550 } } },
  },
});

/** Names for what the colours mean, in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    "--t-demobar": `${String(size.demoBar)}px`,
    "--t-header": `${String(size.header)}px`,
    "--t-navigation": `${String(size.navigation)}px`,
    "--t-bottombar": `${String(size.bottomBar)}px`,
    "--t-deskside": `${String(size.deskSide)}px`,
    "--t-page": `${String(size.page)}px`,
    "--t-chart": `${String(size.chart)}px`,
    "--t-waveform": `${String(size.waveform)}px`,
  },
  light: {
    "--t-ground": gray[0],
    "--t-surface": "#ffffff",
    "--t-line": gray[2],
    "--t-hover": gray[0],
    "--t-quiet": gray[6],
    "--t-lost": red[7],
    "--t-waits": amber[7],
    "--t-lives": green[7],
    "--t-accent": teal[7],
    "--t-caller": teal[7],
    "--t-operator": gray[6],
    "--t-idle": gray[3],
    "--t-note": gray[9],
    "--t-note-link": teal[3],
    "--t-note-hover": gray[8],
    "--mantine-color-dimmed": gray[6],
    "--mantine-color-body": "#ffffff",
  },
  dark: {
    "--t-ground": dark[9],
    "--t-surface": dark[8],
    "--t-line": dark[6],
    "--t-hover": dark[7],
    "--t-quiet": dark[2],
    "--t-lost": red[4],
    "--t-waits": amber[4],
    "--t-lives": green[4],
    "--t-accent": teal[4],
    "--t-caller": teal[4],
    "--t-operator": dark[2],
    "--t-idle": dark[4],
    "--t-note": dark[6],
    "--t-note-link": teal[3],
    "--t-note-hover": dark[5],
    "--mantine-color-dimmed": dark[2],
    "--mantine-color-error": red[4],
    "--mantine-color-body": dark[8],
  },
});
