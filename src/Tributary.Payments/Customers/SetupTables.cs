using Tributary.Storage.Relational;

namespace Tributary.Payments.Customers;

/// <summary>The table of setup intents. A step that was released is never changed.</summary>
public static class SetupTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "setup_intents";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "setup intents", """
            CREATE TABLE setup_intents (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              customer_id TEXT,
              method_id TEXT,
              created_us BIGINT NOT NULL,
              version BIGINT NOT NULL,
              document TEXT NOT NULL)
            ;
            CREATE INDEX setup_intents_by_store ON setup_intents (store_id, is_live, created_us, id)
            ;
            CREATE INDEX setup_intents_by_customer ON setup_intents (customer_id, created_us, id)
            """),
    ];
}
