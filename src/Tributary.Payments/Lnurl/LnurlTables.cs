using Tributary.Storage.Relational;

namespace Tributary.Payments.Lnurl;

/// <summary>The table of names. A step that was released is never changed.</summary>
public static class LnurlTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "lnurl";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "names", """
            CREATE TABLE lightning_names (
              name TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              is_active BIGINT NOT NULL,
              document TEXT NOT NULL)
            ;
            CREATE INDEX lightning_names_by_store ON lightning_names (store_id, is_live, name)
            """),
    ];
}
