using System.Globalization;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Http;

/// <summary>The request is refused, and the client can do something about it. Becomes a problem document in <see cref="Problems"/>.</summary>
/// <param name="code">Why, for programs.</param>
/// <param name="detail">What is wrong in this request and what would be right, for people.</param>
/// <param name="cause">What the refusal was found by.</param>
public sealed class RefusalException(ProblemCode code, Message detail, Exception? cause = null) : Exception(Code.Of(code), cause)
{
    /// <summary>Why, for programs.</summary>
    public ProblemCode ProblemCode => code;

    /// <summary>What is wrong in this request and what would be right.</summary>
    public Message Detail => detail;

    /// <summary>What is wrong with which parameter or member; its path is as the client wrote it: <c>items[3].gtin</c>.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>Codes that resemble the one given, nearest first.</summary>
    public IReadOnlyList<string> Suggestions { get; init; } = [];

    /// <summary>The records that fit, when several do.</summary>
    public IReadOnlyList<object> Candidates { get; init; } = [];

    /// <summary>The first rows that could not be taken, when a list was sent.</summary>
    public IReadOnlyList<RejectedRow> Rejected { get; init; } = [];

    /// <summary>How many rows could not be taken.</summary>
    public long RejectedTotal { get; init; }

    /// <summary>When to try again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The revision of the registry that refuses; null where the newest one known does.</summary>
    public long? Revision { get; set; }
}

/// <summary>What a refusal says beside its words.</summary>
internal static class RefusalHeaders
{
    /// <summary>Says in whole seconds when to try again, where the refusal knows.</summary>
    public static void SayRetryAfter(this HttpResponse response, RefusalException refusal)
    {
        if (refusal.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
    }
}

/// <summary>What is wrong with a parameter or member.</summary>
/// <param name="Member">Its path.</param>
/// <param name="Message">What is wrong with it, and what would be right.</param>
public readonly record struct Fault(string Member, Message Message);
