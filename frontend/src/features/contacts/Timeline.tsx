import { Button, Skeleton, Tabs, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconHistory } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { activitiesQuery } from "@/api/contacts";
import type { Activity } from "@/api/types";
import { useFormat } from "@/shared/format";
import { byDay } from "@/shared/happened";
import happened from "@/shared/happened.module.css";
import { EmptyState, ErrorState } from "@/shared/states";
import { NoteForm } from "./page/NoteForm";
import { TIMELINE_TABS, type TimelineTab } from "./search";
import classes from "./Timeline.module.css";
import { SIGN, TimelineEntry } from "./TimelineEntry";

interface Props {
  contactId: string;
  tab: TimelineTab;
  onTab: (tab: TimelineTab) => void;
  onEmail: (emailId: string) => void;
}

/** Everything that happened with a contact, newest first, day by day. */
export function Timeline({ contactId, tab, onTab, onEmail }: Props) {
  const { t } = useTranslation("contacts");
  const { t: words } = useTranslation("contactPage");
  const activities = useInfiniteQuery(activitiesQuery(contactId, tab === "all" ? undefined : tab));
  const shown = activities.data?.pages.flatMap(({ items }) => items);
  return (
    <section className={classes.timeline} aria-labelledby="engagement">
      <Title order={2} id="engagement" className={classes.title}>
        {t("timeline.title")}
      </Title>
      <Tabs value={tab} onChange={(value) => value && onTab(value as TimelineTab)}>
        <Tabs.List className={classes.tabs}>
          {TIMELINE_TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {words(`kind.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} className={classes.panel}>
          {(tab === "all" || tab === "notes") && <NoteForm contactId={contactId} />}
          {activities.error && !shown && (
            <ErrorState error={activities.error} retry={() => void activities.refetch()} />
          )}
          {!shown && !activities.error && <TimelineSkeleton />}
          {shown?.length === 0 && (
            <EmptyState
              icon={IconHistory}
              title={tab === "all" ? t("timeline.empty") : words(`empty.${tab}.title`)}
              why={tab === "all" ? t("timeline.emptyWhy") : words(`empty.${tab}.why`)}
            />
          )}
          {shown && <Days contactId={contactId} activities={shown} onEmail={onEmail} />}
          {activities.hasNextPage && (
            <Button
              variant="default"
              fullWidth
              loading={activities.isFetchingNextPage}
              onClick={() => void activities.fetchNextPage()}
            >
              {t("timeline.older")}
            </Button>
          )}
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

interface DaysProps extends Pick<Props, "contactId" | "onEmail"> {
  activities: Activity[];
}

function Days({ contactId, activities, onEmail }: DaysProps) {
  const { day: dayOf } = useFormat();
  return byDay(activities, dayOf).map(([day, entries]) => (
    <div key={day} className={classes.day}>
      <h3 className={classes.date}>{day}</h3>
      <ol className={happened.list}>
        {entries.map((activity) => (
          <TimelineEntry key={activity.id} contactId={contactId} activity={activity} onEmail={onEmail} />
        ))}
      </ol>
    </div>
  ));
}

function TimelineSkeleton() {
  return (
    <div aria-busy>
      {[70, 55, 80, 60].map((width) => (
        <div key={width} className={classes.bones}>
          <Skeleton h={SIGN} w={SIGN} circle />
          <div className={classes.grow}>
            <Skeleton h={12} w={`${width / 2}%`} mb={8} />
            <Skeleton h={12} w={`${width}%`} />
          </div>
        </div>
      ))}
    </div>
  );
}
