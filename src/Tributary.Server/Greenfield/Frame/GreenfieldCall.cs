using System.Text.Json;
using Tributary.Payments;
using Tributary.Primitives.Results;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Web;

namespace Tributary.Server.Greenfield.Frame;

/// <summary>
/// A request while it is carried out. A handler reads everything, then asks <see cref="Finish"/> once, and changes nothing before that: the document
/// of the dialect is made by running handlers with a record that stops them there.
/// </summary>
internal sealed class GreenfieldCall
{
    private const int BodyBytesMax = 1 << 20;
    private const int DepthMax = 32;

    private readonly GreenfieldRule _rule;
    private readonly Func<string, string?> _route;
    private readonly List<GreenfieldProblem> _problems = [];

    private GreenfieldCall(GreenfieldRule rule, GreenfieldCaller? caller, Func<string, string?> route, JsonElement body, IQueryCollection query, GreenfieldRecord? record)
    {
        _rule = rule;
        Caller = caller;
        _route = route;
        Record = record;
        Body = new GreenfieldBody(body, "", _problems, record);
        Query = new GreenfieldQuery(query, Body, _problems, record);
    }

    /// <summary>Who asks; null on a public route.</summary>
    public GreenfieldCaller? Caller { get; }

    /// <summary>What the body says; empty without a body.</summary>
    public GreenfieldBody Body { get; }

    /// <summary>What the address says, and for clients that send it so, the body of a GET.</summary>
    public GreenfieldQuery Query { get; }

    /// <summary>Real money: what the server's chain moves.</summary>
    public bool IsLive { get; private init; }

    /// <summary>Where links in answers lead, without a slash at the end.</summary>
    public string Origin { get; private init; } = "";

    /// <summary>Writes down what the handler reads, and lets it do nothing; null for a request.</summary>
    public GreenfieldRecord? Record { get; }

    /// <summary>The store of the path. The frame has asked whether the caller may act in it.</summary>
    public string StoreId => Route("storeId");

    /// <summary>A part of the path.</summary>
    public string Route(string name) => _route(name) ?? "";

    /// <summary>May the caller do what this route is for in a store?</summary>
    public bool MayIn(string storeId) => _rule.Policy is { } policy && Caller?.MayIn(storeId, policy) == true;

    /// <summary>Is an object of a store within what this request may see: in the store of the path, or one where the caller may do this?</summary>
    public bool Owns(string storeId) => _rule.Scope switch
    {
        GreenfieldScope.Store => string.Equals(storeId, StoreId, StringComparison.Ordinal),
        GreenfieldScope.SomeStore => MayIn(storeId),
        _ => false,
    };

    /// <summary>Says what is wrong with a value.</summary>
    public void Refuse(string path, string message) => _problems.Add(new GreenfieldProblem(path, message));

    /// <summary>What is wrong with the request, as an answer; null where it can be carried out.</summary>
    public GreenfieldAnswer? Finish()
    {
        if (Record is not null)
            return GreenfieldAnswer.Done;
        return _problems.Count == 0 ? null : GreenfieldErrors.Validation(_problems);
    }

    /// <summary>Reads a request whose sender was recognised.</summary>
    public static async Task<Result<GreenfieldCall, GreenfieldRejection>> ReadAsync(HttpContext context, GreenfieldRule rule, GreenfieldCaller? caller, CancellationToken cancellationToken)
    {
        if (!(await ReadBodyAsync(context.Request, cancellationToken)).TryGet(out var body, out var rejection))
            return rejection;
        var services = context.RequestServices;
        return new GreenfieldCall(rule, caller, name => context.Request.RouteValues[name] as string, body, context.Request.Query, null)
        {
            IsLive = services.GetRequiredService<PaymentOptions>().IsBitcoinLive ?? false,
            Origin = services.GetRequiredService<PublicAddress>().Origin,
        };
    }

    /// <summary>A call that only writes down what a handler reads.</summary>
    public static GreenfieldCall Describe(GreenfieldRule rule, GreenfieldRecord record) => new(rule, null, static _ => "described", default, QueryCollection.Empty, record);

    private static async Task<Result<JsonElement, GreenfieldRejection>> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Clients send a content type with every request, and a body with some GETs.
        if (request.ContentLength is 0 || (request.ContentLength is null && !request.Headers.ContainsKey("Transfer-Encoding")))
            return default(JsonElement);
        if (request.ContentLength > BodyBytesMax)
            return new GreenfieldRejection(GreenfieldErrors.Of(StatusCodes.Status413PayloadTooLarge, "body-too-large", "A request's body has at most one mebibyte."));
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, new JsonDocumentOptions { MaxDepth = DepthMax }, cancellationToken);
            if (document.RootElement.ValueKind == JsonValueKind.Null)
                return default(JsonElement);
            return document.RootElement.ValueKind == JsonValueKind.Object || document.RootElement is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() == 0
                ? document.RootElement.Clone()
                : new GreenfieldRejection(GreenfieldErrors.Validation("", "The body has to be a JSON object."));
        }
        catch (JsonException)
        {
            return new GreenfieldRejection(GreenfieldErrors.Validation("", "The body is no JSON."));
        }
        catch (BadHttpRequestException exception)
        {
            return new GreenfieldRejection(GreenfieldErrors.Of(exception.StatusCode, "bad-request", "The body could not be read."));
        }
    }
}
