using Tributary.Storage.Relational;
using Tributary.Testing.Postgres;

namespace Tributary.Payments.Tests.Stores;

public sealed class StoresOnPostgresTests(PostgresFixture postgres) : StoresContract
{
    protected override Task<IDatabase> OpenAsync() => TestDatabases.CreateAsync(postgres, TestContext.Current.CancellationToken);
}
