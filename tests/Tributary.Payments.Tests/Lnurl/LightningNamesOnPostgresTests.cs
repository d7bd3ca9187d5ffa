using Tributary.Storage.Relational;
using Tributary.Testing.Postgres;

namespace Tributary.Payments.Tests.Lnurl;

public sealed class LightningNamesOnPostgresTests(PostgresFixture postgres) : LightningNamesContract
{
    protected override Task<IDatabase> OpenAsync() => TestDatabases.CreateAsync(postgres, TestContext.Current.CancellationToken);
}
