import { Alert, Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "@/api/errors";
import { passkeySignInOptions, signInWithPasskey } from "@/api/signin";
import type { Me } from "@/api/types";
import { useSubmission } from "../submission";
import { whyNot } from "./signedIn";
import { passkeyFrom, passkeysUsable, turnedAway } from "./webauthn";

/** Signs in with a passkey alone; not there where the browser or the installation's address has none. */
export function PasskeyButton({ onDone }: { onDone: (me: Me) => void }) {
  const { t } = useTranslation("auth");
  const [usable] = useState(passkeysUsable);
  const entering = useSubmission({
    mutationFn: async () => {
      const { challenge_id, options } = await passkeySignInOptions();
      return signInWithPasskey(challenge_id, await passkeyFrom(options));
    },
    onSuccess: onDone,
  });
  const { error } = entering;
  if (!usable) return null;
  return (
    <>
      {error && (
        <Alert color={turnedAway(error) ? "gray" : "red"} variant="light" role="alert">
          {error instanceof DOMException ? t("passkey.failed") : whyNot(error, t)}
        </Alert>
      )}
      {!isProblem(error, "passkeys_unavailable") && (
        <Button
          variant="default"
          fullWidth
          leftSection={<IconKey size={16} stroke={1.6} />}
          loading={entering.isPending}
          onClick={() => entering.submit()}
        >
          {t("passkey.signIn")}
        </Button>
      )}
    </>
  );
}
