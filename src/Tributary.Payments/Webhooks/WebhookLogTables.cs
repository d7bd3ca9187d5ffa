using Tributary.Storage.Relational;

namespace Tributary.Payments.Webhooks;

/// <summary>How tries to deliver went, and secrets that were replaced. A step that was released is never changed.</summary>
public static class WebhookLogTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "webhook log";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "tries, replaced secrets", """
            CREATE TABLE webhook_tries (
              delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id),
              number BIGINT NOT NULL,
              at BIGINT NOT NULL,
              took_ms BIGINT NOT NULL,
              outcome TEXT NOT NULL,
              answer TEXT,
              PRIMARY KEY (delivery_id, number))
            ;
            CREATE TABLE webhook_old_secrets (
              endpoint_id TEXT NOT NULL PRIMARY KEY REFERENCES webhook_endpoints (id),
              secret {bytes} NOT NULL,
              ends_at BIGINT NOT NULL)
            """),
    ];
}
