using Tributary.Testing.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
