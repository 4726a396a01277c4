import { createFileRoute } from "@tanstack/react-router";
import { TokensPage } from "@/features/account/TokensPage";

export const Route = createFileRoute("/_app/account/tokens")({ component: TokensPage });
