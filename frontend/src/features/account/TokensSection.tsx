import { Button, Skeleton, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { revokeToken, tokensQuery } from "@/api/session";
import type { Token } from "@/api/types";
import { confirmed, failed, said } from "@/shared/feedback";
import { Mark } from "@/shared/marks";
import { EmptyState, ErrorState } from "@/shared/states";
import { When } from "@/shared/When";
import classes from "./Account.module.css";
import { Group } from "./Group";
import { NewTokenDialog } from "./NewTokenDialog";

export function TokensSection() {
  const { t } = useTranslation("account");
  const [creating, setCreating] = useState(false);
  const { data, error, refetch } = useQuery(tokensQuery());
  const some = data !== undefined && data.items.length > 0;
  const button = (
    <Button
      variant={some ? "default" : "filled"}
      leftSection={<IconPlus size={16} />}
      onClick={() => setCreating(true)}
    >
      {t("tokens.new")}
    </Button>
  );
  return (
    <Group id="tokens" title={t("tokens.title")} why={t("tokens.why")} action={some && button}>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={40} my={14} />}
      {data && !some && (
        <EmptyState icon={IconKey} title={t("tokens.empty")} why={t("tokens.emptyWhy")}>
          {button}
        </EmptyState>
      )}
      {data?.items.map((token) => (
        <TokenRow key={token.id} token={token} />
      ))}
      {creating && <NewTokenDialog onClose={() => setCreating(false)} />}
    </Group>
  );
}

function TokenRow({ token }: { token: Token }) {
  const { t } = useTranslation("account");
  const queryClient = useQueryClient();
  const revoking = useMutation({
    mutationFn: () => revokeToken(token.id),
    onSuccess: () => {
      said(t("tokens.revoked", { name: token.name }));
      return queryClient.invalidateQueries({ queryKey: ["tokens"] });
    },
    onError: failed,
  });
  const revoke = async () => {
    const title = t("tokens.revokeTitle", { name: token.name });
    if (await confirmed({ title, body: t("tokens.revokeBody"), confirm: t("tokens.revoke"), danger: true }))
      revoking.mutate();
  };
  return (
    <div className={classes.token}>
      <div className={classes.about}>
        <div className={classes.name}>{token.name}</div>
        <Text size="xs" c="dimmed" component="div">
          {token.expires_at ? (
            <>
              {t("tokens.expires")} <When at={token.expires_at} as="date" />
            </>
          ) : (
            t("tokens.never")
          )}
          {" · "}
          {token.last_used_at ? (
            <>
              {t("tokens.used")} <When at={token.last_used_at} />
            </>
          ) : (
            t("tokens.unused")
          )}
        </Text>
        <div className={classes.scopes}>
          {token.scopes.map((scope) => (
            <Mark key={scope}>{scope}</Mark>
          ))}
        </div>
      </div>
      <Button variant="default" loading={revoking.isPending} onClick={() => void revoke()}>
        {t("tokens.revoke")}
      </Button>
    </div>
  );
}
