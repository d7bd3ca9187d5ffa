using Tributary.Storage.Relational;
using Tributary.Testing.Postgres;

namespace Tributary.Payments.Tests.Payouts;

public sealed class PayoutsOnPostgresTests(PostgresFixture postgres) : PayoutServiceContract
{
    protected override Task<IDatabase> OpenAsync() => TestDatabases.CreateAsync(postgres, TestContext.Current.CancellationToken);
}
