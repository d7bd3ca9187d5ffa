using Tributary.Testing.Bitcoind;
using Tributary.Testing.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(BitcoindFixture))]
