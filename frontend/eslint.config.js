import i18next from "eslint-plugin-i18next";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const features = ["account", "admin", "auth", "contacts", "feed", "imports", "onboarding", "salesflows"];

// What people see or hear of an element, beside its text.
const SAID = [
  "^aria-(label|description|roledescription|valuetext|placeholder)$",
  "^(label|title|placeholder|description|alt|why|hint|about|error|confirm|closeButtonLabel|nothingFoundMessage)$",
];

export default tseslint.config(
  {
    ignores: [
      "dist",
      "node_modules",
      "src/routeTree.gen.ts",
      "src/api/schema.d.ts",
      "test-results",
      "playwright-report",
    ],
  },
  ...tseslint.configs.recommended,
  { files: ["public/**/*.js"], rules: { "no-var": "off" } },
  {
    files: ["src/**/*.{ts,tsx}"],
    ...jsxA11y.flatConfigs.recommended,
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "max-lines": ["error", { max: 400 }],
      "no-restricted-globals": ["error", { name: "fetch", message: "Requests are made in src/api alone." }],
      "no-console": "error",
    },
  },
  { files: ["src/api/**"], rules: { "no-restricted-globals": "off" } },
  // Every word that people see comes from src/locales.
  {
    files: ["src/**/*.tsx"],
    ignores: ["src/**/*.test.tsx", "src/test/**"],
    plugins: { i18next },
    rules: {
      "i18next/no-literal-string": [
        "error",
        {
          mode: "jsx-only",
          "jsx-attributes": { include: SAID },
          callees: { exclude: [".*"] },
          "object-properties": { exclude: [".*"] },
        },
      ],
    },
  },
  // A feature knows shared/ and api/, never another feature; what is shared knows no feature.
  ...features.map((feature) => ({
    files: [`src/features/${feature}/**`],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: features.filter((other) => other !== feature).map((other) => `@/features/${other}/*`) },
      ],
    },
  })),
  {
    files: ["src/shared/**", "src/api/**"],
    rules: { "no-restricted-imports": ["error", { patterns: ["@/features/*", "@/routes/*"] }] },
  },
  { files: ["e2e/**"], rules: { "no-empty-pattern": "off" } },
);
