using Tributary.Storage.Relational;

namespace Tributary.Payments.Customers;

/// <summary>The tables of customers and of what they pay with. A step that was released is never changed.</summary>
public static class CustomerTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "customers";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "customers and payment methods", """
            CREATE TABLE customers (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              email TEXT,
              name TEXT,
              phone TEXT,
              created_us BIGINT NOT NULL,
              is_deleted BIGINT NOT NULL,
              version BIGINT NOT NULL,
              document TEXT NOT NULL)
            ;
            CREATE INDEX customers_by_store ON customers (store_id, is_live, created_us, id)
            ;
            CREATE INDEX customers_by_email ON customers (email)
            ;
            CREATE TABLE customer_metadata (
              customer_id TEXT NOT NULL REFERENCES customers (id),
              name TEXT NOT NULL,
              value TEXT NOT NULL,
              PRIMARY KEY (customer_id, name))
            ;
            CREATE INDEX customer_metadata_by_value ON customer_metadata (name, value)
            ;
            CREATE TABLE payment_methods (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              customer_id TEXT,
              type TEXT NOT NULL,
              created_us BIGINT NOT NULL,
              is_detached BIGINT NOT NULL,
              version BIGINT NOT NULL,
              document TEXT NOT NULL)
            ;
            CREATE INDEX payment_methods_by_customer ON payment_methods (customer_id, created_us, id)
            """),
    ];
}
