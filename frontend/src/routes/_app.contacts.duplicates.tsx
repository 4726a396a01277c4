import { createFileRoute } from "@tanstack/react-router";
import { DuplicatesPage } from "@/features/contacts/duplicates/DuplicatesPage";

export const Route = createFileRoute("/_app/contacts/duplicates")({ component: DuplicatesPage });
