"""Regulation: claims regulation-1 to regulation-4.

==============  ================================================================
``decisions``   decisions of governments, dated and coded; the stance index
``direction``   whether they loosen, where, and how sure that is
``era``         AI now beside the internet in the 1990s
``rivalry``     surveys, gaps between countries, the calendar of obligations
``ics``         that calendar as a file
``summary``     the four claims, judged
``words``       how a jurisdiction, a scope, a standing is called
``answers``     the four claims, each in one plain sentence
``findings``    sentences
``figures``     drawings
``tables``      tables
==============  ================================================================
"""
