using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Server.Stripe;
using Tributary.Storage.Relational;

namespace Tributary.Server.Tests.Stripe;

/// <summary>A request whose run ended without an answer is carried out when it comes again, at once.</summary>
public sealed class EndedRunTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_request_that_was_given_up_does_not_keep_its_key()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await RunAsync("given-up", static _ => throw new OperationCanceledException()));
        Assert.Equal((StatusCodes.Status200OK, "done"), await RunAsync("given-up", static _ => Done()));
    }

    [Fact]
    public async Task What_a_given_up_request_had_made_is_known_to_the_one_that_follows()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await RunAsync("made", async call =>
        {
            await Database.WriteAsync(
                async (transaction, token) =>
                {
                    await call.NoteAsync(transaction, "pi_made", token);
                    return true;
                },
                CancellationToken.None);
            throw new InvalidOperationException("It failed after its first step.");
        }));
        string? resumed = null;
        await RunAsync("made", call =>
        {
            resumed = call.Resumed;
            return Done();
        });
        Assert.Equal("pi_made", resumed);
    }

    [Fact]
    public async Task An_answer_that_was_written_stays_whatever_happens_after_it()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await RunAsync("answered", async call =>
        {
            await call.AnswerAsync(Database, "pi_answered", StripeAnswer.Of(StatusCodes.Status200OK, static writer => writer.WriteStringValue("first")), CancellationToken.None);
            throw new OperationCanceledException();
        }));
        Assert.Equal((StatusCodes.Status200OK, "first"), await RunAsync("answered", static _ => Done()));
    }

    private IDatabase Database => server.Services.GetRequiredService<IDatabase>();

    private static Task<StripeAnswer> Done() => Task.FromResult(StripeAnswer.Of(StatusCodes.Status200OK, static writer => writer.WriteStringValue("done")));

    private async Task<(int Status, string Body)> RunAsync(string key, Func<StripeCall, Task<StripeAnswer>> handle)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = "/v1/anything";
        context.Request.Headers.Authorization = $"Bearer {server.SecretKey}";
        context.Request.Headers["Idempotency-Key"] = key;
        using var body = new MemoryStream();
        context.Response.Body = body;
        await StripeEndpoints.RunAsync(context, (call, _) => handle(call));
        return (context.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray()).Trim('"'));
    }
}
