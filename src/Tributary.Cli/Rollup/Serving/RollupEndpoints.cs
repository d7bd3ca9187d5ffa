using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Api;
using Tributary.Rollup.Operating;

namespace Tributary.Cli.Rollup.Serving;

/// <summary>What an operator serves: intake with receipts, and questions.</summary>
internal static class RollupEndpoints
{
    private const int RegistrationBytesMax = 1_024;

    internal static void Map(WebApplication app, RollupDesk desk)
    {
        var json = ApiJson.Default;
        app.MapGet("/v1/rollup", context => Answer.WriteAsync(context, desk.Describe(), json.RollupView));
        app.MapPost("/v1/operations", async context =>
        {
            if (await Answer.ReadBodyAsync(context, RollupDesk.OperationLengthMax) is { } operation)
                await Answer.WriteAsync(context, await desk.SubmitAsync(operation), json.ReceiptView);
        });
        app.MapGet("/v1/operations/{operation}", context => Bytes32.TryParse(Route(context, "operation"), out var operation)
            ? Answer.WriteAsync(context, desk.FindOperation(operation), json.OperationView)
            : Answer.RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, new("operation", "is 64 hex digits: SHA-256 of the operation's encoding")));
        app.MapPost("/v1/accounts", context => RegisterAsync(context, desk));
        app.MapGet("/v1/accounts", context => Bytes32.TryParse(context.Request.Query["key_root"].ToString(), out var root) && desk.FindKey(root) is { } account
            ? Answer.WriteAsync(context, account, json.AccountView)
            : Answer.NotFoundAsync(context, "key_root", "is the key of no account, or no 64 hex digits"));
        app.MapGet("/v1/accounts/{account}", context => uint.TryParse(Route(context, "account"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && desk.FindAccount(number) is { } account
            ? Answer.WriteAsync(context, account, json.AccountView)
            : Answer.NotFoundAsync(context, "account", "is not registered"));
        app.MapGet("/v1/batches", context => Answer.WriteAsync(context, desk.ListBatches(Number(context, "after"), (int)Math.Min(Number(context, "limit", 100), int.MaxValue)), json.BatchesView));
        app.MapGet("/v1/revocations", context => Answer.WriteAsync(context, desk.ListRevocations(Number(context, "after")), json.RevocationsView));
    }

    private static async Task RegisterAsync(HttpContext context, RollupDesk desk)
    {
        if (await Answer.ReadBodyAsync(context, RegistrationBytesMax) is not { } body)
            return;
        RegistrationRequest? request = null;
        try
        {
            request = JsonSerializer.Deserialize(body, ApiJson.Default.RegistrationRequest);
        }
        catch (JsonException)
        {
            // Answered below.
        }

        if (request?.KeyRoot is null)
            await Answer.RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, new("body", "is JSON with key_root and log_lifetime"));
        else
            await Answer.WriteAsync(context, await desk.RegisterAsync(request), ApiJson.Default.RegistrationView);
    }

    private static string Route(HttpContext context, string name) => context.Request.RouteValues[name] as string ?? "";

    private static ulong Number(HttpContext context, string name, ulong otherwise = 0) =>
        ulong.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
