using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Pages;

/// <summary>What is on record to come of an agreement after the day that its page shows, and the day on which it ends.</summary>
/// <remarks>Told by asking for the agreement on each day on which something is on record: a page has no rules of its own.</remarks>
/// <param name="Turns">What changes, by day.</param>
/// <param name="EndedFrom">First day on which it is terminated; null while no termination is on record.</param>
public sealed record AgreementAhead(IReadOnlyList<AgreementAhead.Turn> Turns, DateOnly? EndedFrom)
{
    // An agreement has some dozens of days in all; more are told by its timeline.
    private const int MostDays = 100;

    /// <summary>A day on which something changes.</summary>
    /// <param name="On">The day.</param>
    /// <param name="Standing">What the whole is from then on; null when it stays what it was.</param>
    /// <param name="Parties">Parties that stand otherwise from then on, where the whole does not say it.</param>
    /// <param name="Text">Place of the text that takes effect; null when the old one stays.</param>
    public sealed record Turn(DateOnly On, AgreementStanding? Standing, IReadOnlyList<GetAgreement.Party> Parties, int? Text);

    /// <summary>Reads it.</summary>
    /// <param name="now">The agreement on the day that is shown.</param>
    /// <param name="read">Asks for it on another day.</param>
    public static async Task<AgreementAhead> ReadAsync(GetAgreement.Response now, Func<DateOnly, Task<GetAgreement.Response>> read)
    {
        var turns = new List<Turn>();
        var before = now;
        DateOnly? ended = null;
        foreach (var day in DaysOf(now.History).Where(d => d > now.AsOf).Take(MostDays))
        {
            var then = await read(day);
            var standing = then.Standing == before.Standing ? (AgreementStanding?)null : then.Standing;
            var parties = standing is not null ? []
                : then.Parties.Where(p => before.Parties.FirstOrDefault(b => b.Scheme == p.Scheme)?.Standing != p.Standing).ToList();
            var text = then.TextHash == before.TextHash ? (int?)null : then.Texts.ToList().FindIndex(t => t.TextHash == then.TextHash);
            if (standing is not null || parties.Count > 0 || text is not null)
            {
                turns.Add(new(day, standing, parties, text));
            }

            ended ??= standing == AgreementStanding.Terminated ? day : null;
            before = then;
        }

        return new(turns, now.Standing == AgreementStanding.Terminated ? await EndOfAsync(now, read) : ended);
    }

    private static async Task<DateOnly?> EndOfAsync(GetAgreement.Response now, Func<DateOnly, Task<GetAgreement.Response>> read)
    {
        foreach (var day in DaysOf(now.History.Where(h => h.Type is HappeningType.Terminated or HappeningType.Withdrawn)).Take(MostDays))
        {
            if ((await read(day)).Standing == AgreementStanding.Terminated)
            {
                return day;
            }
        }

        return null;
    }

    /// <summary>The days on which something may change, each once, by day. What ends with a day changes with the next.</summary>
    private static IEnumerable<DateOnly> DaysOf(IEnumerable<Happening> history) => history
        .Select(h => h.Type == HappeningType.LastDay ? h.On.LastDay < DateOnly.MaxValue ? h.On.LastDay.AddDays(1) : h.On.LastDay : h.On.FirstDay)
        .Distinct().Order();
}
