using Tributary.Storage.Relational;
using Tributary.Testing.Postgres;

namespace Tributary.Payments.Tests.Invoices;

public sealed class InvoiceServiceOnPostgresTests(PostgresFixture postgres) : InvoiceServiceContract
{
    protected override Task<IDatabase> OpenAsync() => TestDatabases.CreateAsync(postgres, TestContext.Current.CancellationToken);
}
