using System.Net.Http.Headers;
using Tributary.Testing.Postgres;

namespace Tributary.Faults.Tests;

/// <summary>Two servers on one PostgreSQL, as processes: the second waits for a first that stands still, and the first is over when it wakes up.</summary>
public sealed class TakeoverTests(PostgresFixture postgres)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_paused_server_is_succeeded_and_ends_when_it_goes_on_without_another_commit()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(s_patience);
        var token = end.Token;
        var folder = Directory.CreateTempSubdirectory("tributary-takeover-").FullName;
        var database = await (await postgres.GetSharedAsync(token)).CreateDatabaseAsync(token);
        await using var first = new ServerProcess(Path.Combine(folder, "first"), database);
        await first.StartAsync(token);
        using var shop = new ShopClient(first);
        await shop.PostAsync("/v1/payment_intents", "amount=500&currency=usd&confirm=true&payment_method=pm_card_visa", token);

        // The other machine has the keys of the first, as after a move of its folder.
        await using var second = new ServerProcess(Path.Combine(folder, "second"), database);
        Directory.CreateDirectory(second.Folder);
        foreach (var name in new[] { "installation.json", "seal-key", "test-secret-key" })
            File.Copy(Path.Combine(first.Folder, name), Path.Combine(second.Folder, name));
        var refused = await second.TryStartAsync(token);
        Assert.Contains("Another server works on this database", refused.GetProperty("error").GetProperty("reason").GetString(), StringComparison.Ordinal);

        await first.SignalAsync("-STOP", token);
        await second.StartAsync(token);
        using var successor = new ShopClient(second);
        Assert.True((await successor.PostAsync("/v1/payment_intents", "amount=700&currency=usd&confirm=true&payment_method=pm_card_visa", token)).IsDone);

        await first.SignalAsync("-CONT", token);
        await TryPayAsync(first, token);
        await first.WaitForExitAsync(token);
        var intents = await successor.ListAsync("/v1/payment_intents", token);
        Assert.Equal([700, 500], intents.Select(static intent => intent.GetProperty("amount").GetInt32()));
        await second.StopAsync(token);
        Directory.Delete(folder, recursive: true);
    }

    // It may answer that it can't, or not at all.
    private static async Task TryPayAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Key);
        using var form = new StringContent("amount=900&currency=usd&confirm=true&payment_method=pm_card_visa", new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        try
        {
            using var answer = await http.PostAsync(new Uri("/v1/payment_intents", UriKind.Relative), form, cancellationToken);
            Assert.False(answer.IsSuccessStatusCode, "A server that lost its turn has acknowledged a payment.");
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // It has ended already.
        }
    }
}
