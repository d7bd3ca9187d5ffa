using Npgsql;
using Tributary.Storage.Postgres;

namespace Tributary.Storage.Relational.Tests;

public sealed class PostgresAddressTests
{
    [Fact]
    public void An_address_gives_host_port_database_user_and_the_password_of_the_environment()
    {
        var address = PostgresAddress.Parse("postgres://shop%40home@db.example:6543/books?sslmode=verify-full&sslrootcert=/etc/ca.pem", static name => name is PostgresAddress.PasswordVariable ? "s;e'c=ret" : null).Value;
        var settings = new NpgsqlConnectionStringBuilder(address.ConnectionString);
        Assert.Equal(("db.example", 6543, "books", "shop@home"), (settings.Host, settings.Port, settings.Database, settings.Username));
        Assert.Equal((SslMode.VerifyFull, "/etc/ca.pem", "s;e'c=ret"), (settings.SslMode, settings.RootCertificate, settings.Password));
        Assert.Equal("db.example:6543/books", address.ToString());
    }

    [Fact]
    public void What_is_left_out_is_what_PostgreSQL_itself_takes()
    {
        var settings = new NpgsqlConnectionStringBuilder(PostgresAddress.Parse("postgresql:///?host=/run/postgresql&user=shop", static _ => null).Value.ConnectionString);
        Assert.Equal(("/run/postgresql", 5432, "tributary", "shop", null), (settings.Host, settings.Port, settings.Database, settings.Username, settings.Password));
    }

    [Theory]
    [InlineData("postgres://shop:secret@host/books", "password")]
    [InlineData("mysql://host/books", "postgres://")]
    [InlineData("books", "postgres://")]
    [InlineData("", "postgres://")]
    [InlineData("postgres://host/books?password=secret", "none of host")]
    [InlineData("postgres://host/books?sslmode=maybe", "none of host")]
    [InlineData("postgres://host/books?sslmode=1", "none of host")]
    [InlineData("postgres://host/books#x", "#")]
    public void Anything_else_is_refused_with_what_to_write(string text, string reason)
    {
        var refused = PostgresAddress.Parse(text, static _ => null).Error;
        Assert.Equal("--database", refused.Field);
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
    }
}
