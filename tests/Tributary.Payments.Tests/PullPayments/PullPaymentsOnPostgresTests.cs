using Tributary.Storage.Relational;
using Tributary.Testing.Postgres;

namespace Tributary.Payments.Tests.PullPayments;

public sealed class PullPaymentsOnPostgresTests(PostgresFixture postgres) : PullPaymentServiceContract
{
    protected override Task<IDatabase> OpenAsync() => TestDatabases.CreateAsync(postgres, TestContext.Current.CancellationToken);
}
