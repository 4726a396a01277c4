import { Tabs } from "@mantine/core";
import { useLocation, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Page } from "./Page";

interface Props<Section extends string> {
  /** Where the sections are: each has an address of its own below. */
  area: "/account" | "/admin";
  sections: readonly [Section, ...Section[]];
  label: (section: Section) => string;
  header: (shown: Section) => ReactNode;
  /** Whose content takes the height that is left. */
  fills?: (shown: Section) => boolean;
  gap: number;
  children: ReactNode;
}

/** An area of several pages, with tabs that lead from one to the other. */
export function TabbedArea<Section extends string>(props: Props<Section>) {
  const { area, sections, label, header, fills, gap, children } = props;
  const navigate = useNavigate();
  const path = useLocation({ select: ({ pathname }) => pathname });
  const shown = sections.find((each) => path.includes(`${area}/${each}`)) ?? sections[0];
  return (
    <Page fill={fills?.(shown) ?? false}>
      {header(shown)}
      <Tabs value={shown} onChange={(next) => next && void navigate({ to: `${area}/${next}` as "/account" })} mb={gap}>
        <Tabs.List>
          {sections.map((each) => (
            <Tabs.Tab key={each} value={each} aria-controls={undefined}>
              {label(each)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {children}
    </Page>
  );
}
