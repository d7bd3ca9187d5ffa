using Tributary.Storage.Relational;
using Tributary.Testing.Postgres;

namespace Tributary.Payments.Tests.Storage;

public sealed class StoredFormOnPostgresTests(PostgresFixture postgres) : StoredFormContract
{
    protected override Task<IDatabase> OpenAsync() => OpenAsync("payments");

    protected override Task<IDatabase> OpenAsync(string name) => TestDatabases.CreateAsync(postgres, TestContext.Current.CancellationToken);
}
