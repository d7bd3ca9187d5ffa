using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>What the dashboard keeps of itself. A step that was released is never changed.</summary>
internal static class DeskTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "desk";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "what members did", """
            CREATE TABLE member_activity (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              at_us BIGINT NOT NULL,
              member_id TEXT NOT NULL,
              action TEXT NOT NULL,
              subject TEXT NOT NULL,
              detail TEXT NOT NULL)
            ;
            CREATE INDEX member_activity_by_store ON member_activity (store_id, at_us, id)
            """),
    ];
}
