import { createFileRoute } from "@tanstack/react-router";
import { JoinPage } from "@/features/auth/JoinPage";

export const Route = createFileRoute("/welcome/$token")({
  component: function Welcome() {
    const { token } = Route.useParams();
    return <JoinPage key={token} token={token} />;
  },
});
