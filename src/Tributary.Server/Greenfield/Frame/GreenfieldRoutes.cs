using Tributary.Server.Greenfield.Access;
using Tributary.Server.Stripe;
using Tributary.Server.Web;

namespace Tributary.Server.Greenfield.Frame;

/// <summary>Registers routes below <c>/api/v1</c>; none without a rule.</summary>
internal sealed class GreenfieldRoutes(IEndpointRouteBuilder routes)
{
    public const string Prefix = "/api/v1";

    public void Get<THandlers>(string path, GreenfieldRule rule, Func<THandlers, GreenfieldCall, CancellationToken, Task<GreenfieldAnswer>> handle)
        where THandlers : notnull => Map(HttpMethods.Get, path, rule, handle);

    public void Post<THandlers>(string path, GreenfieldRule rule, Func<THandlers, GreenfieldCall, CancellationToken, Task<GreenfieldAnswer>> handle)
        where THandlers : notnull => Map(HttpMethods.Post, path, rule, handle);

    public void Put<THandlers>(string path, GreenfieldRule rule, Func<THandlers, GreenfieldCall, CancellationToken, Task<GreenfieldAnswer>> handle)
        where THandlers : notnull => Map(HttpMethods.Put, path, rule, handle);

    public void Delete<THandlers>(string path, GreenfieldRule rule, Func<THandlers, GreenfieldCall, CancellationToken, Task<GreenfieldAnswer>> handle)
        where THandlers : notnull => Map(HttpMethods.Delete, path, rule, handle);

    /// <summary>
    /// Registers an object's route twice: below its store, as clients of every version know it, and by the object's name alone, as those of 2.4 do. The
    /// handler finds the object and asks <see cref="GreenfieldCall.Owns"/>.
    /// </summary>
    public void Both<THandlers>(
        string method, string path, string policy, string answer, string summary, Func<THandlers, GreenfieldCall, CancellationToken, Task<GreenfieldAnswer>> handle)
        where THandlers : notnull
    {
        Map(method, "/stores/{storeId}" + path, GreenfieldRule.Store(policy, answer, summary), handle);
        Map(method, path, GreenfieldRule.SomeStore(policy, answer, summary), handle);
    }

    public void Map<THandlers>(string method, string path, GreenfieldRule rule, Func<THandlers, GreenfieldCall, CancellationToken, Task<GreenfieldAnswer>> handle)
        where THandlers : notnull
    {
        // What the live half leaves out belongs to the team, which stands beside both kinds of money.
        var operation = new GreenfieldOperation((services, call, token) =>
            services.GetService<THandlers>() is { } handlers ? handle(handlers, call, token) : Task.FromResult(GreenfieldErrors.OfTheTeam()));
        routes.MapMethods(Prefix + path, [method], (RequestDelegate)(context => RunAsync(context, rule, operation)))
            .WithMetadata(rule, operation, rule.Scope == GreenfieldScope.Public ? RouteAccess.Public : RouteAccess.ApiKey);
    }

    /// <summary>Everything below the prefix that is no route.</summary>
    public void MapRest() => routes.Map(Prefix + "/{**rest}", static (HttpContext context) => SendAsync(context, GreenfieldErrors.UnknownRoute())).WithMetadata(RouteAccess.Public);

    private static async Task RunAsync(HttpContext context, GreenfieldRule rule, GreenfieldOperation operation)
    {
        var cancellationToken = context.RequestAborted;
        var services = context.RequestServices;
        var recognised = rule.Scope == GreenfieldScope.Public
            ? await RecogniseStrangerAsync(context)
            : await services.GetRequiredService<GreenfieldAuthentication>().RecogniseAsync(context, cancellationToken);
        if (recognised.IsTooOften)
        {
            await SendAsync(context, GreenfieldErrors.TooMany());
            return;
        }

        if (rule.Scope != GreenfieldScope.Public)
        {
            if (recognised.Caller is not { } caller)
            {
                await SendAsync(context, GreenfieldErrors.Unauthenticated());
                return;
            }

            if (!IsAllowed(context, rule, caller))
            {
                await SendAsync(context, GreenfieldErrors.MissingPermission(rule.Policy));
                return;
            }
        }

        var read = await GreenfieldCall.ReadAsync(context, rule, recognised.Caller, cancellationToken);
        await SendAsync(context, read.TryGet(out var call, out var refusal) ? await operation.Run(services, call, cancellationToken) : refusal.Answer);
    }

    // Strangers are heard as often as wrong keys are.
    private static Task<GreenfieldAuthentication.Outcome> RecogniseStrangerAsync(HttpContext context)
    {
        var limits = context.RequestServices.GetRequiredService<StripeLimits>();
        return Task.FromResult(new GreenfieldAuthentication.Outcome(null, false, !limits.TryKey("stranger " + context.Connection.RemoteIpAddress)));
    }

    private static bool IsAllowed(HttpContext context, GreenfieldRule rule, GreenfieldCaller caller) => rule.Scope switch
    {
        GreenfieldScope.Store => rule.Policy is { } policy && caller.MayIn(context.Request.RouteValues["storeId"] as string, policy),
        GreenfieldScope.SomeStore => rule.Policy is { } policy && caller.StoresFor(policy).Any(),
        GreenfieldScope.AllStores => rule.Policy is { } policy && caller.MayInAll(policy),
        GreenfieldScope.User => rule.Policy is null || caller.May(rule.Policy),
        _ => false,
    };

    internal static async Task SendAsync(HttpContext context, GreenfieldAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.Headers.CacheControl = "no-store";
        if (answer.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "token";

        // The buckets refill all the time: a second is enough.
        if (answer.Status == StatusCodes.Status429TooManyRequests)
            response.Headers.RetryAfter = "1";
        response.ContentLength = answer.Body.Length;
        if (answer.Body.Length == 0)
            return;
        response.ContentType = "application/json; charset=utf-8";
        await response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }
}
