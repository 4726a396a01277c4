import { ConnectSection } from "./ConnectSection";
import { DialerSection } from "./DialerSection";
import { NotificationsSection } from "./NotificationsSection";

interface Props {
  connected: string | undefined;
  refusal: string | undefined;
}

/** In the order of the guide. */
export function SettingsPage(outcome: Props) {
  return (
    <>
      <DialerSection />
      <NotificationsSection />
      <ConnectSection {...outcome} />
    </>
  );
}
