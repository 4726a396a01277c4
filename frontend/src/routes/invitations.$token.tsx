import { createFileRoute } from "@tanstack/react-router";
import { JoinPage } from "@/features/auth/JoinPage";

export const Route = createFileRoute("/invitations/$token")({
  component: function Join() {
    const { token } = Route.useParams();
    return <JoinPage key={token} token={token} />;
  },
});
