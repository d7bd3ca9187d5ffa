using Tributary.Storage.Relational;

namespace Tributary.Payments.Access;

/// <summary>What keys are granted and have spent. A step that was released is never changed.</summary>
public static class AccessTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "access";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "grants and spending", """
            CREATE TABLE api_key_grants (
              key_id TEXT NOT NULL PRIMARY KEY REFERENCES api_keys (id),
              kind TEXT NOT NULL,
              name TEXT,
              grants TEXT NOT NULL,
              spending TEXT NOT NULL,
              expires_at BIGINT)
            ;
            CREATE TABLE api_key_spending (
              key_id TEXT NOT NULL,
              day BIGINT NOT NULL,
              asset TEXT NOT NULL,
              amount BIGINT NOT NULL,
              PRIMARY KEY (key_id, day, asset))
            """),
    ];
}
