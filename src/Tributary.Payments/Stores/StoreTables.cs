using Tributary.Storage.Relational;

namespace Tributary.Payments.Stores;

/// <summary>The tables of stores beside their names. A step that was released is never changed.</summary>
public static class StoreTables
{
    /// <summary>The module's name among the migrations; its tables stand on those of the payment core.</summary>
    public const string Module = "stores";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "settings", """
            CREATE TABLE store_settings (
              store_id TEXT NOT NULL PRIMARY KEY REFERENCES stores (id),
              is_archived BIGINT NOT NULL,
              deleted_at BIGINT,
              document TEXT NOT NULL)
            """),
    ];
}
