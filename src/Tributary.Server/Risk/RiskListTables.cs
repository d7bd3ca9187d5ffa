using Tributary.Storage.Relational;

namespace Tributary.Server.Risk;

/// <summary>Who is blocked and who is trusted. A step that was released is never changed.</summary>
internal static class RiskListTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "risk lists";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "entries by pseudonym", """
            CREATE TABLE risk_list_entries (
              list TEXT NOT NULL,
              pseudonym TEXT NOT NULL,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              label {bytes} NOT NULL,
              reason TEXT NOT NULL,
              added_by TEXT NOT NULL,
              added_us BIGINT NOT NULL,
              PRIMARY KEY (list, pseudonym))
            ;
            CREATE INDEX risk_list_entries_by_store ON risk_list_entries (store_id, is_live, added_us)
            ;
            CREATE TABLE risk_list_version (
              id BIGINT NOT NULL PRIMARY KEY,
              version BIGINT NOT NULL)
            """),
    ];
}
