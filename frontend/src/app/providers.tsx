import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { DatesProvider } from "@mantine/dates";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { firstDayOfWeek, languageOf } from "@/shared/culture";
import { useLocale } from "@/shared/format";
import { Confirmation } from "./shell/Confirmation";
import { cssVariablesResolver, themeInWords } from "./theme";

const colorSchemeManager = localStorageColorSchemeManager({ key: "engage-color-scheme" });

interface Props {
  queryClient: QueryClient;
  children: ReactNode;
  env?: "default" | "test";
}

export function Providers({ queryClient, children, env = "default" }: Props) {
  return (
    <QueryClientProvider client={queryClient}>
      <Look env={env}>{children}</Look>
    </QueryClientProvider>
  );
}

const calendarWords = (t: TFunction) => ({
  nextMonth: t("calendar.nextMonth"),
  previousMonth: t("calendar.previousMonth"),
  nextYear: t("calendar.nextYear"),
  previousYear: t("calendar.previousYear"),
  nextDecade: t("calendar.nextDecade"),
  previousDecade: t("calendar.previousDecade"),
  monthLevelControl: t("calendar.choose"),
  yearLevelControl: t("calendar.choose"),
});

/** Mantine in our theme, in the person's language and with his weeks. */
function Look({ children, env }: Required<Pick<Props, "children" | "env">>) {
  const { t } = useTranslation();
  const locale = useLocale();
  const theme = useMemo(
    () => themeInWords({ close: t("action.close"), apply: t("calendar.apply"), calendar: calendarWords(t) }),
    [t],
  );
  const dates = useMemo(
    () => ({ locale: languageOf(locale), firstDayOfWeek: firstDayOfWeek(locale), labelSeparator: "–" }),
    [locale],
  );
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
      env={env}
    >
      <DatesProvider settings={dates}>
        <Confirmation />
        <ModalsProvider>{children}</ModalsProvider>
        <Notifications position="bottom-right" limit={4} />
      </DatesProvider>
    </MantineProvider>
  );
}
