using Tributary.Payments.Errors;
using Tributary.Payments.Lnurl;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Tests.Lnurl;

/// <summary>Names on a real database; each database runs it.</summary>
public abstract class LightningNamesContract
{
    private readonly TestClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IDatabase> OpenAsync();

    [Fact]
    public async Task A_name_belongs_to_the_store_that_took_it_also_after_it_was_given_up()
    {
        await using var database = await OpenMigratedAsync();
        Assert.True((await RegisterAsync(database, Name("tea"))).IsOk);
        Assert.Equal("store_1", (await FindAsync(database, "tea"))!.StoreId);
        Assert.Equal(PaymentErrorKind.Conflict, (await RegisterAsync(database, Name("tea") with { StoreId = "store_2" })).Error.Kind);
        Assert.Equal(PaymentErrorKind.Conflict, (await RegisterAsync(database, Name("tea") with { IsLive = true })).Error.Kind);

        Assert.False(await RemoveAsync(database, "store_2", "tea"));
        Assert.True(await RemoveAsync(database, "store_1", "tea"));
        Assert.False(await RemoveAsync(database, "store_1", "tea"));
        Assert.Null(await FindAsync(database, "tea"));
        Assert.Equal("username_taken", (await RegisterAsync(database, Name("tea") with { StoreId = "store_2" })).Error.Code);

        var again = (await RegisterAsync(database, Name("tea") with { Description = "Tea again" })).Value;
        Assert.Equal("Tea again", (await FindAsync(database, "tea"))!.Description);
        Assert.True(again.IsActive);
    }

    [Fact]
    public async Task Terms_of_a_name_can_be_changed_and_the_list_is_the_stores_alone()
    {
        await using var database = await OpenMigratedAsync();
        await RegisterAsync(database, Name("b"));
        await RegisterAsync(database, Name("a"));
        await RegisterAsync(database, Name("c") with { StoreId = "store_2" });
        _clock.Advance(TimeSpan.FromDays(1));
        var changed = (await RegisterAsync(database, Name("b") with { MaxSatoshis = 5, AskEmail = PayerDataRule.Mandatory })).Value;
        Assert.True(changed.CreatedAt < _clock.GetUtcNow());
        var names = await database.ReadAsync(static (transaction, token) => LightningNames.ListAsync(transaction, "store_1", false, token), Token);
        Assert.Equal("a b", string.Join(' ', names.Select(static name => name.Name)));
        Assert.Equal((5L, PayerDataRule.Mandatory), (names[1].MaxSatoshis!.Value, names[1].AskEmail));
    }

    [Fact]
    public async Task The_first_name_of_a_store_is_made_once_and_never_again()
    {
        await using var database = await OpenMigratedAsync();
        await EnsureAsync(database, "store_1");
        Assert.Equal("store_1", (await FindAsync(database, LightningNames.Default))!.StoreId);
        await RemoveAsync(database, "store_1", LightningNames.Default);
        await EnsureAsync(database, "store_1");
        await EnsureAsync(database, "store_2");
        Assert.Null(await FindAsync(database, LightningNames.Default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Tea")]
    [InlineData("tea@shop")]
    [InlineData("te a")]
    [InlineData("tee\u0301")]
    [InlineData("../tea")]
    public void What_is_no_name_is_refused(string name) => Assert.Equal("username", LightningNames.Check(Name(name))!.Parameter);

    [Fact]
    public void Bounds_that_leave_nothing_are_refused()
    {
        Assert.Null(LightningNames.Check(Name("a.b-c_9")));
        Assert.Equal("min", LightningNames.Check(Name("a") with { MinSatoshis = 0 })!.Parameter);
        Assert.Equal("max", LightningNames.Check(Name("a") with { MinSatoshis = 5, MaxSatoshis = 4 })!.Parameter);
        Assert.Equal("max", LightningNames.Check(Name("a") with { MaxSatoshis = long.MaxValue })!.Parameter);
        Assert.Equal("comment", LightningNames.Check(Name("a") with { CommentLengthMax = 401 })!.Parameter);
        Assert.Equal("successMessage", LightningNames.Check(Name("a") with { SuccessMessage = new string('x', 145) })!.Parameter);
    }

    private static LightningName Name(string name) => new() { Name = name, StoreId = "store_1", IsLive = false, CreatedAt = DateTimeOffset.UnixEpoch };

    private async Task<IDatabase> OpenMigratedAsync()
    {
        var database = await OpenAsync();
        await MigrationRunner.MigrateAsync(database, LnurlTables.Module, LnurlTables.Migrations, Token);
        return database;
    }

    private Task<Tributary.Primitives.Results.Result<LightningName, PaymentError>> RegisterAsync(IDatabase database, LightningName name) =>
        database.WriteAsync((transaction, token) => new LightningNames(_clock).RegisterAsync(transaction, name, token), Token).AsTask();

    private static Task<bool> RemoveAsync(IDatabase database, string store, string name) =>
        database.WriteAsync((transaction, token) => LightningNames.RemoveAsync(transaction, store, false, name, token), Token).AsTask();

    private static Task<LightningName?> FindAsync(IDatabase database, string name) =>
        database.ReadAsync((transaction, token) => LightningNames.FindAsync(transaction, name, token), Token).AsTask();

    private Task<bool> EnsureAsync(IDatabase database, string store) => database.WriteAsync(
        async (transaction, token) =>
        {
            await new LightningNames(_clock).EnsureDefaultAsync(transaction, store, false, token);
            return true;
        },
        Token).AsTask();
}
