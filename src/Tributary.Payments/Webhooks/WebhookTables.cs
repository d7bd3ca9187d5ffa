using Tributary.Storage.Relational;

namespace Tributary.Payments.Webhooks;

/// <summary>What endpoints have beside their target. A step that was released is never changed.</summary>
public static class WebhookTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "webhooks";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "settings", """
            CREATE TABLE webhook_settings (
              endpoint_id TEXT NOT NULL PRIMARY KEY REFERENCES webhook_endpoints (id),
              is_disabled BIGINT NOT NULL,
              metadata TEXT NOT NULL)
            """),
    ];
}
