using Tributary.Bitcoin.Networks;

namespace Tributary.Server.Tests.Data;

/// <summary>A data folder and its database are only used together, and by one server.</summary>
public sealed class FolderBindingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-binding-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_second_server_on_the_folder_is_refused_and_welcome_when_the_first_has_gone()
    {
        await using (await StartAsync("a"))
        {
            var refused = (await ServerHost.BuildAsync(Options("a"), TimeProvider.System, Token)).Error;
            Assert.Contains("in use", refused.Reason, StringComparison.Ordinal);
        }

        await using var again = await StartAsync("a");
    }

    [Fact]
    public async Task A_database_of_another_folder_is_refused()
    {
        await using (await StartAsync("a"))
        await using (await StartAsync("b"))
        {
        }

        File.Copy(Path.Combine(_folder, "a", "payments.db"), Path.Combine(_folder, "b", "payments.db"), overwrite: true);
        Assert.Contains("another data folder", await RefusalAsync("b"), StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(_folder, "c"));
        File.Copy(Path.Combine(_folder, "a", "payments.db"), Path.Combine(_folder, "c", "payments.db"));
        Assert.Contains("belongs to a server with another data folder", await RefusalAsync("c"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_note_is_refused_with_its_name()
    {
        await using (await StartAsync("a"))
        {
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, "a", "installation.json"), "{", Token);
        Assert.Contains("installation.json", await RefusalAsync("a"), StringComparison.Ordinal);
    }

    private ServerOptions Options(string name) => new(Port: 0, Path.Combine(_folder, name), BitcoinNetwork.Regtest);

    private async Task<string> RefusalAsync(string name)
    {
        var refused = (await ServerHost.BuildAsync(Options(name), TimeProvider.System, Token)).Error;
        Assert.Equal("--data", refused.Field);
        return refused.Reason;
    }

    private async Task<IAsyncDisposable> StartAsync(string name)
    {
        var app = (await ServerHost.BuildAsync(Options(name), TimeProvider.System, Token)).Value;
        await app.StartAsync(Token);
        return app;
    }
}
