using Tributary.Storage.Relational;

namespace Tributary.Payments.Disputes;

/// <summary>The rows by which disputes are found; the disputes are parts of the payments' files. A step that was released is never changed.</summary>
public static class DisputeTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "disputes";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "disputes", """
            CREATE TABLE disputes (
              id TEXT NOT NULL PRIMARY KEY,
              intent_id TEXT NOT NULL REFERENCES intents (id),
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              status TEXT NOT NULL,
              created_us BIGINT NOT NULL,
              wake_at BIGINT)
            ;
            CREATE INDEX disputes_by_store ON disputes (store_id, is_live, created_us, id)
            ;
            CREATE INDEX disputes_by_intent ON disputes (intent_id, created_us, id)
            ;
            CREATE INDEX disputes_by_wake ON disputes (wake_at)
            """),
    ];
}
