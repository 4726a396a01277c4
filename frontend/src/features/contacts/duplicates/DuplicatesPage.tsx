import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { IconSearch, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { dismissDuplicates, duplicatesQuery, searchDuplicates } from "@/api/people";
import type { DuplicatePair } from "@/api/types";
import { useCommands } from "@/shared/commands";
import { ContactsTabs } from "@/shared/ContactsTabs";
import { failed, said } from "@/shared/feedback";
import { useJobStarted } from "@/shared/jobs/useJobs";
import { Page, PageHeader } from "@/shared/Page";
import { EmptyState, ErrorState } from "@/shared/states";
import { useSubmission } from "@/shared/submission";
import classes from "./Duplicates.module.css";
import { MergeDialog } from "./MergeDialog";
import { PairCard } from "./PairCard";

const keyOf = ({ first, second }: DuplicatePair) => `${first.id}:${second.id}`;

/** Who may have two records: looked at pair by pair, merged or told apart. */
export function DuplicatesPage() {
  const { t } = useTranslation("people");
  const queryClient = useQueryClient();
  const found = useInfiniteQuery(duplicatesQuery());
  const pairs = found.data?.pages.flatMap(({ items }) => items);
  const [merging, setMerging] = useState<DuplicatePair | null>(null);
  const began = useJobStarted();
  const searching = useSubmission({
    mutationFn: searchDuplicates,
    onSuccess: (job) => {
      began(job);
      said(t("duplicates.started"));
    },
    onError: failed,
  });
  const dismissing = useMutation({
    mutationFn: ({ first, second }: DuplicatePair) => dismissDuplicates(first.id, second.id),
    onSuccess: () => {
      said(t("duplicates.dismissed"));
      void queryClient.invalidateQueries({ queryKey: ["duplicates", "pairs"] });
    },
    onError: failed,
  });
  const search = () => searching.submit();
  useCommands([{ id: "duplicates.search", group: "page", title: t("duplicates.search"), run: search }]);
  const button = (
    <Button leftSection={<IconSearch size={16} />} loading={searching.isPending} onClick={search}>
      {t("duplicates.search")}
    </Button>
  );
  return (
    <Page>
      <PageHeader title={t("duplicates.title")} actions={pairs?.length === 0 ? undefined : button} />
      <ContactsTabs />
      {found.error && !pairs && <ErrorState error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <PairsSkeleton />}
      {pairs?.length === 0 && (
        <EmptyState icon={IconUsers} title={t("duplicates.empty")} why={t("duplicates.emptyWhy")}>
          {button}
        </EmptyState>
      )}
      {pairs && pairs.length > 0 && (
        <ul className={classes.pairs}>
          {pairs.map((pair) => (
            <PairCard
              key={keyOf(pair)}
              pair={pair}
              busy={dismissing.isPending && keyOf(dismissing.variables) === keyOf(pair)}
              onMerge={() => setMerging(pair)}
              onDismiss={() => dismissing.mutate(pair)}
            />
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <Button variant="default" mt={12} loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("duplicates.more")}
        </Button>
      )}
      {merging && <MergeDialog first={merging.first} second={merging.second} onClose={() => setMerging(null)} />}
    </Page>
  );
}

function PairsSkeleton() {
  return (
    <div className={classes.pairs} aria-busy>
      {[6, 5].map((lines) => (
        <div key={lines} className={classes.pair}>
          {Array.from({ length: lines }, (_, line) => (
            <Skeleton key={line} h={12} w={`${55 + ((line * 17) % 40)}%`} my={12} />
          ))}
        </div>
      ))}
    </div>
  );
}
