import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  Checkbox,
  createTheme,
  Drawer,
  Input,
  type MantineColorsTuple,
  Menu,
  mergeThemeOverrides,
  Modal,
  Notification,
  Tooltip,
} from "@mantine/core";
import type { CalendarAriaLabels } from "@mantine/dates";

// Neutral greys with a breath of blue, one accent; every other colour carries a meaning.
const gray: MantineColorsTuple = [
  "#fafafb",
  "#f4f5f7",
  "#ebecf0",
  "#dfe1e6",
  "#c9ccd3",
  "#8d929d",
  "#686e7b",
  "#565c69",
  "#3a3f4a",
  "#1d2027",
];
const dark: MantineColorsTuple = [
  "#e6e7ea",
  "#c3c6cc",
  "#a3a7b0",
  "#7d828c",
  "#3a3d45",
  "#2b2e34",
  "#212328",
  "#17181c",
  "#121316",
  "#0c0d0f",
];
const accent: MantineColorsTuple = [
  "#f1f2fc",
  "#e4e6f9",
  "#c9cdf2",
  "#a9b0ec",
  "#9aa2ee",
  "#7781de",
  "#5e6ad2",
  "#4f5bc4",
  "#424daa",
  "#353e8a",
];

// White on the seventh, in the dark on the eighth, is readable; the others are as Mantine has them.
const red: MantineColorsTuple = [
  "#fff5f5",
  "#ffe3e3",
  "#ffc9c9",
  "#ffa8a8",
  "#ff8787",
  "#ff6b6b",
  "#fa5252",
  "#c4282d",
  "#b32428",
  "#c92a2a",
];

const theme = createTheme({
  colors: { gray, dark, accent, red },
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 8 },
  black: gray[9],
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.4", xl: "1.3" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "3px", sm: "5px", md: "6px", lg: "8px", xl: "12px" },
  defaultRadius: "md",
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "18px", lineHeight: "28px" },
      h2: { fontSize: "14px", lineHeight: "20px" },
      h3: { fontSize: "13px", lineHeight: "20px" },
    },
  },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: "sm", fw: 500 } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray", size: "md" } }),
    Input: Input.extend({ defaultProps: { size: "sm" } }),
    InputWrapper: Input.Wrapper.extend({ defaultProps: { size: "sm" } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: "xs" } }),
    // Its placeholder for the first focus is a child that a menu must not have.
    Menu: Menu.extend({
      defaultProps: { shadow: "md", transitionProps: { duration: 100 }, withInitialFocusPlaceholder: false },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, withArrow: false, fz: "xs" } }),
    Notification: Notification.extend({
      defaultProps: { withBorder: true },
    }),
    Modal: Modal.extend({
      defaultProps: {
        centered: false,
        yOffset: "10vh",
        transitionProps: { duration: 120, transition: "fade-up" },
        overlayProps: { backgroundOpacity: 0.4 },
      },
    }),
    Drawer: Drawer.extend({
      defaultProps: {
        position: "right",
        transitionProps: { duration: 120 },
        overlayProps: { backgroundOpacity: 0.25 },
      },
    }),
  },
});

/** The theme with the names that screen readers read to a person, in his language. */
export function themeInWords(words: { close: string; apply: string; calendar: CalendarAriaLabels }) {
  const named = { defaultProps: { closeButtonProps: { "aria-label": words.close } } };
  const dated = { ariaLabels: words.calendar };
  const timed = { ...dated, submitButtonProps: { "aria-label": words.apply } };
  return mergeThemeOverrides(theme, {
    components: {
      Notification: named,
      Modal: named,
      Drawer: named,
      DatePickerInput: { defaultProps: dated },
      DateTimePicker: { defaultProps: timed },
    },
  });
}

// Initials: [text, ground] by hue.
const lightHues = [
  ["#2b3566", "#e4e7fa"],
  ["#17503a", "#dcf1e7"],
  ["#6b3d10", "#faecd9"],
  ["#702445", "#fae3ec"],
  ["#164a63", "#dceff8"],
  ["#4d2a72", "#efe5fa"],
];
const darkHues = [
  ["#d5daff", "#303553"],
  ["#b9ecd4", "#21392f"],
  ["#f5d8b5", "#43331f"],
  ["#f6c9dc", "#43252f"],
  ["#bfe3f5", "#1f3743"],
  ["#e2cff7", "#382a47"],
];
const hues = (pairs: string[][]) =>
  Object.fromEntries(
    pairs.flatMap(([text, ground], n) => [
      [`--hue-${n}-text`, text ?? ""],
      [`--hue-${n}`, ground ?? ""],
    ]),
  );

/** The tokens that the style sheets use beside Mantine's own; here alone are colours chosen. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  // Emails and what is photographed stand on white in both schemes.
  variables: { "--paper": "#ffffff" },
  light: {
    ...hues(lightHues),
    "--mantine-color-placeholder": gray[6],
    "--mantine-color-dimmed": gray[7],
    "--mantine-color-default-border": gray[3],
    "--mantine-color-anchor": accent[7],
    "--mantine-color-error": "#c4282d",
    "--hairline": gray[2],
    "--surface": "#ffffff",
    "--surface-muted": gray[0],
    "--surface-hover": gray[1],
    "--surface-selected": accent[0],
    "--canvas": gray[1],
    "--text-strong": gray[9],
    "--positive": "#1c7c4a",
    "--positive-soft": "#e3f5ea",
    "--caution": "#8a5a00",
    "--caution-soft": "#fdf3dc",
    "--danger": "#c4282d",
    "--danger-soft": "#fdecec",
    "--accent-text": accent[7],
    "--accent-soft": accent[0],
    "--neutral-soft": gray[1],
    "--overlay": "rgb(0 0 0 / 40%)",
  },
  dark: {
    ...hues(darkHues),
    "--mantine-color-placeholder": dark[2],
    "--mantine-color-dimmed": dark[2],
    "--mantine-color-default": dark[6],
    "--mantine-color-default-hover": dark[5],
    "--mantine-color-default-border": dark[4],
    "--mantine-color-anchor": accent[4],
    "--mantine-color-error": "#ff8a8a",
    "--hairline": dark[5],
    "--surface": "#1b1c20",
    "--surface-muted": "#1a1b1f",
    "--surface-hover": dark[6],
    "--surface-selected": "#24263a",
    "--canvas": dark[8],
    "--text-strong": "#f4f5f6",
    "--positive": "#6fd19a",
    "--positive-soft": "#16291f",
    "--caution": "#e5b95c",
    "--caution-soft": "#2d2513",
    "--danger": "#ff8a8a",
    "--danger-soft": "#331a1c",
    "--accent-text": accent[4],
    "--accent-soft": "#24263a",
    "--neutral-soft": dark[5],
    "--overlay": "rgb(0 0 0 / 60%)",
  },
});
