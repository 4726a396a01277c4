import { createFileRoute } from "@tanstack/react-router";
import { AuditLogPage } from "@/features/admin/AuditLogPage";
import { readAuditSearch } from "@/features/admin/search";

export const Route = createFileRoute("/_app/admin/audit-log")({
  validateSearch: readAuditSearch,
  component: function AuditLog() {
    return <AuditLogPage search={Route.useSearch()} />;
  },
});
