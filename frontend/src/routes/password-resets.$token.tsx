import { createFileRoute } from "@tanstack/react-router";
import { ResetPasswordPage } from "@/features/auth/ResetPasswordPage";

export const Route = createFileRoute("/password-resets/$token")({
  component: function Reset() {
    const { token } = Route.useParams();
    return <ResetPasswordPage key={token} token={token} />;
  },
});
