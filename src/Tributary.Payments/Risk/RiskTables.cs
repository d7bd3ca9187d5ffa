using Tributary.Storage.Relational;

namespace Tributary.Payments.Risk;

/// <summary>The tables of reviews. A step that was released is never changed.</summary>
public static class RiskTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "risk";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "reviews", """
            CREATE TABLE reviews (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              intent_id TEXT NOT NULL REFERENCES intents (id),
              attempt_id TEXT NOT NULL,
              reference TEXT NOT NULL,
              is_held BIGINT NOT NULL,
              opened_us BIGINT NOT NULL,
              closed_us BIGINT,
              closing TEXT)
            ;
            CREATE INDEX reviews_by_store ON reviews (store_id, is_live, opened_us, id)
            ;
            CREATE INDEX reviews_by_intent ON reviews (intent_id)
            ;
            CREATE TABLE risk_cursors (
              name TEXT NOT NULL PRIMARY KEY,
              position BIGINT NOT NULL)
            """),
    ];
}
