using Tributary.Storage.Relational;

namespace Tributary.Payments.Invoices;

/// <summary>The tables of invoices. A step that was released is never changed.</summary>
public static class InvoiceTables
{
    /// <summary>The module's name among the migrations; its tables stand on those of the payment core.</summary>
    public const string Module = "invoices";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "invoices", """
            CREATE TABLE invoices (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              intent_id TEXT NOT NULL UNIQUE REFERENCES intents (id),
              order_id TEXT,
              status TEXT NOT NULL,
              is_archived BIGINT NOT NULL,
              created_us BIGINT NOT NULL,
              search TEXT NOT NULL,
              document TEXT NOT NULL)
            ;
            CREATE INDEX invoices_by_store ON invoices (store_id, is_live, created_us, id)
            ;
            CREATE INDEX invoices_by_order ON invoices (store_id, order_id)
            ;
            CREATE INDEX invoices_by_status ON invoices (store_id, is_live, status, created_us)
            """),
    ];
}
