#!/bin/sh
# The main job on the shipped example briefings of Veldania, a country that does not exist.
set -eu
cd "$(dirname "$0")/.."
record="${DEMO:-demo-record}"
rm -rf "$record"
export ONRECORD_DIR="$record"

run() {
    printf '\n$ onrecord'
    for word in "$@"; do
        case $word in
        *[\ \"]*) printf " '%s'" "$word" ;; # as it has to be typed
        *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    onrecord "$@"
}

echo "Seven pages of briefings of the (fictional) Republic of Veldania: HTML in two languages, somebody's excerpts, a press call in Markdown, captions of a video."
run add examples/briefings
echo
echo "The same page two days later. A word has been put in, in silence; onrecord keeps both."
run add examples/edited
run history xv-mfa/2024-05-13/en
run diff xv-mfa/2024-05-13/en
run search '"common home"'
run search '共同家园'
run search '"nothing to announce"' --in answer --since 2024-05
echo
echo "A minister vanished. Four texts of that day's briefing: which of them has which question?"
run search 'Minister Aster' --in question --since 2024-05-15
run omissions --since 2024-05-15
run show 'xv-mfa/2024-05-15/en#3'
echo
echo "The same briefing in two languages, sentence by sentence."
run compare xv-mfa/2024-05-15/zh en
run show xv-mfa/2024-05-15/zh --with en
run cite 'xv-mfa/2024-05-15/en#3'
echo
echo "The life of a set phrase, and the phrases that come back word for word in two briefings or more."
run formula 'common home'
run formulas --occasions 2
run stats
run head
run verify

cat <<END

Everything above is in the folder $record. What to try next:

    . .venv/bin/activate
    onrecord --record $record search 'cyberattack OR radar' --outlet 'Northern Wire'
    onrecord --record $record show xv-mfa/2024-05-13/en@1        # as it was first published
    onrecord --record $record show xv-mfa/2024-05-15/en --with en.recording --html beside.html    # a page to send
    onrecord --record $record formula 'common home' --plot home.svg    # a chart
    onrecord --record $record formulas --new 2024-05-14 --occasions 2  # first seen since
    onrecord --record $record export --format jsonl | head -c 600
    onrecord --record $record prove xv-mfa/2024-05-15/en         # a proof that anybody can check
    onrecord --record mine add YOUR-PAGES/                       # a record of your own
    onrecord --help

The guide is docs/guide.md.
END
