import { ConnectSection } from "./ConnectSection";
import { NotificationsSection } from "./NotificationsSection";

interface Props {
  connected: string | undefined;
  refusal: string | undefined;
}

export function SettingsPage(outcome: Props) {
  return (
    <>
      <NotificationsSection />
      <ConnectSection {...outcome} />
    </>
  );
}
